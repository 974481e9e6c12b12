import { printJson } from '../report/json';
import type { Report } from '../report/schema';
import { renderText } from '../report/text';
import type { CommandContext } from './context';

/** The report on standard output: one JSON document, or text as wide as the terminal. */
export function printReport(context: CommandContext, report: Report): void {
  if (context.json) {
    context.stdout.write(`${printJson(report)}\n`);
    return;
  }
  const width = context.stdout.isTTY ? (context.stdout.columns ?? 80) : 100;
  const { lang: language, color, ascii } = context;
  context.stdout.write(renderText(report, { language, width, color, ascii }));
}
