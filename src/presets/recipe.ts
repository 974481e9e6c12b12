import type { Language } from '../i18n/language';
import { printJson } from '../report/json';
import type { Role } from '../report/theme';
import { pad, textWidth } from '../report/width';
import { inLanguage } from '../report/words';
import { lastRead } from './print';
import type { Book, RecipeRow } from './schema';
import { type Page, Sheet } from './sheet';
import { say } from './words';

const VERDICTS: { readonly [verdict in RecipeRow['verdict']]: readonly [Role, string, string] } = {
  true: ['good', 'holds', '属实'],
  depends: ['warning', 'in part', '部分属实'],
  folklore: ['error', 'folklore', '传言'],
};

/** The much copied recipe, line by line: what it says, what is right. */
export function recipeText(book: Book, page: Page): string {
  const { theme, lang } = page;
  const sheet = new Sheet(page);
  sheet.title(say(lang, 'A much copied LoRA recipe, corrected', '流传很广的 LoRA 配方，逐条更正'));
  const left = Math.max(...Object.values(VERDICTS).map(([, en, zh]) => textWidth(say(lang, en, zh)))) + 2;
  for (const { said, verdict, correct, page: explained, own, sources } of book.recipe) {
    const [role, en, zh] = VERDICTS[verdict];
    sheet.hanging(theme.paint(role, pad(say(lang, en, zh), left)), inLanguage(said, lang), left, 'strong');
    sheet.hanging(
      ' '.repeat(left),
      `${inLanguage(correct, lang)}${own ? say(lang, ' (our reading)', '（我们的判断）') : ''}${sheet.marks(sources)}`,
    );
    if (explained !== undefined) sheet.command(`lora-doctor explain ${explained}`);
  }
  sheet.title(say(lang, 'Settings for your own card:', '适合您显卡的设置：'));
  sheet.command('lora-doctor preset --plan --gpu "GTX 1060" --family sd15');
  return sheet.end(lastRead(book));
}

export function recipeJson({ recipe }: Book, lang: Language): string {
  const rows = recipe.map(({ said, verdict, correct, own, sources, page }) => ({
    said: inLanguage(said, lang),
    verdict,
    correct: inLanguage(correct, lang),
    page: page ?? null,
    own: own === true,
    sources,
  }));
  return `${printJson({ schema: 'lora-doctor/preset-recipe@1', recipe: rows })}\n`;
}
