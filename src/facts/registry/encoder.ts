import { defineFacts, oneOf, text } from '../define';
import { FAMILIES } from '../families';
import { modelFile } from './model-file';

export const encoderFacts = defineFacts('encoder', 'lora', {
  ...modelFile,
  kind: [text(), { en: 'What the file is', zh: '文件是什么' }],
  family: [oneOf(FAMILIES), { en: 'Model family', zh: '模型系列' }],
  variant: [text(), { en: 'Which one', zh: '具体型号' }],
});
