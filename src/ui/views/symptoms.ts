import { t } from '../../i18n/messages';
import { clean, hanging, type Line, span } from '../../report/lines';
import type { Report } from '../../report/schema';
import type { Question } from '../../watch/session-types';
import { bodyHeight, type Canvas } from './view';

export interface Asked {
  readonly questions: readonly Question[];
  /** Place of the cursor: 0 is “nothing of these”. */
  readonly choice: number;
  readonly said: string | null;
}

/** “What do you see?”: the symptoms to choose from, and what follows from the one that is chosen. */
export function symptomsView(asked: Asked, report: Report | null, page: Canvas): Line[] {
  const { language, size, glyphs } = page;
  const answer = answerLines(asked.said, report, page);
  const head = hanging([span(' ')], t(language, 'ui.whatDoYouSee'), 'strong', size.columns - 1);
  const rows = [
    { id: null, text: t(language, 'ui.nothingOfThese') },
    ...asked.questions.map((q) => ({ id: q.id, text: inWords(q, page) })),
  ];
  const room = Math.max(1, bodyHeight(size) - head.length - answer.length);
  const from = Math.max(0, Math.min(asked.choice - Math.floor(room / 2), rows.length - room));
  const list = rows.slice(from, from + room).map(({ id, text }, at): Line => {
    const chosen = from + at === asked.choice;
    const mark = id === asked.said ? glyphs.good : ' ';
    return [
      span(chosen ? `${glyphs.cursor} ` : '  ', 'accent'),
      span(`${mark} `, 'good'),
      span(clean(text), chosen ? 'strong' : 'plain'),
    ];
  });
  return [...head, ...list, ...answer];
}

const inWords = (question: Question, page: Canvas): string => (page.language === 'en' ? question.title.en : question.title.zh);

/** The candidates of the symptom that was named, and what would settle it. */
function answerLines(said: string | null, report: Report | null, page: Canvas): Line[] {
  const { language, size } = page;
  const entry = report?.differentials.find((d) => d.symptom === said);
  if (!entry) return [];
  const candidates = entry.candidates
    .slice(0, 4)
    .map(({ title, share }) => t(language, 'report.candidate', { title: clean(title), percent: Math.round(share * 100) }))
    .join(language === 'en' ? ', ' : '，');
  const how = entry.settledBy === null ? [] : [t(language, 'report.settle', { how: clean(entry.settledBy.how) })];
  return [
    [],
    ...hanging([span(` ${clean(entry.title)}  `, 'strong')], candidates, 'plain', size.columns - 1),
    ...how.flatMap((text) => hanging([span(' ')], text, 'accent', size.columns - 1)),
  ];
}
