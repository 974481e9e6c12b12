import { defineFacts, texts } from '../define';

/** What the user says they see (`--symptom`, or the question on screen). Provenance: "you said". */
export const saidFacts = defineFacts('machine', 'said', {
  symptoms: [texts(), { en: 'What you see', zh: '您看到的现象' }],
});
