import path from 'node:path';
import type { CheckContext } from '../checks/check';
import { gatherPictures } from '../checks/images/check';
import { gatherPicturePrompts } from '../checks/prompts/check';
import type { Ui } from '../facts/families';
import { imageFacts } from '../facts/registry/image';
import { promptFacts } from '../facts/registry/prompt';
import { scriptFacts } from '../facts/registry/script';
import { useFacts } from '../facts/registry/use';
import type { Subject } from '../facts/subject';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import { exitStatus } from '../report/exit';
import type { Problem } from '../report/problem';
import type { Severity } from '../report/schema';
import { judge, type Looked } from '../scan/scan';
import { type CommandContext, fail } from './context';
import { loadDoctor } from './doctor';
import { imageText } from './image-text';
import { lookAtInstall } from './one-install';
import { printReport } from './print';
import { aboutPrompts } from './prompt';
import { noSuchPath } from './targets';
import { uiOption } from './ui-option';

const IMAGES = new Set(imageFacts.map((f) => f.id));
const PROMPTS = new Set([...promptFacts, ...scriptFacts, ...useFacts].map((f) => f.id));
const FILE_LIMIT = 500;

/** `image FILE...`: infotext or workflow, what the picture looks like, which of its LoRAs are missing here. */
export async function runImage(context: CommandContext): Promise<number> {
  const { args, lang, platform } = context;
  const ui = uiOption(context);
  if (typeof ui !== 'string') return fail(context, ui, 2);
  const paths = args.words.slice(0, FILE_LIMIT).map((word) => path.resolve(context.cwd, word));
  if (paths.length === 0) return fail(context, usage(lang), 2);
  const missing = paths.find((p) => platform.stat(p) === null);
  if (missing !== undefined) return fail(context, noSuchPath(missing, lang), 2);
  const doctor = await loadDoctor(context);
  if ('code' in doctor) return fail(context, doctor, 2);
  const looked = await lookAtInstall(context, doctor, { near: paths[0] ?? null, search: ui === 'auto' });
  if ('code' in looked) return fail(context, looked, 2);
  if (context.signal.aborted) return 130;
  const installs = looked.store.subjects('install');
  const [only] = installs;
  await gather(context, looked, installs.length === 1 && only ? only : null, ui === 'auto' ? null : ui, paths);
  const unreadable = paths.every((p) => {
    const format = looked.store.value(`image:${p}`, 'image.format');
    return format === undefined || format === 'unknown';
  });
  if (unreadable) return fail(context, noPicture(paths[0] ?? '', lang), 3);
  const snapshot = looked.store.snapshot(new Date(platform.now()).toISOString());
  const report = aboutPrompts(judge(doctor, { ...looked, snapshot }, lang, context.redact && context.json), looked);
  if (context.json) printReport(context, report);
  else context.stdout.write(imageText(context, looked.store, report));
  return exitStatus(report, (args.options.get('fail-on') as Severity | undefined) ?? 'error');
}

const noPicture = (file: string, lang: Language): Problem => ({
  code: 'no-picture',
  message: lang === 'en' ? `${show(file, 1000)} is no picture that can be read` : `${show(file, 1000)} 不是可读取的图片`,
  remedy:
    lang === 'en'
      ? 'give a PNG, JPEG or WebP as the program saved it; chat programs strip what is inside'
      : '请给出程序原样保存的 PNG、JPEG 或 WebP；聊天软件会清除其中的信息',
});

async function gather(
  context: CommandContext,
  looked: Looked,
  install: Subject | null,
  ui: Ui | null,
  paths: readonly string[],
): Promise<void> {
  const { store } = looked;
  const looking: CheckContext = {
    platform: context.platform,
    signal: context.signal,
    depth: 'normal',
    targets: paths,
    searching: false,
    facts: store,
    progress: () => {},
  };
  store.add('images', IMAGES, await gatherPictures(looking, paths, install?.id ?? null));
  store.ended({ id: 'images', status: 'ok', ms: 0 });
  store.add('prompts', new Set([...PROMPTS, ...IMAGES]), gatherPicturePrompts(looking, install, ui));
  store.ended({ id: 'prompts', status: 'ok', ms: 0 });
}

const usage = (lang: CommandContext['lang']): { code: string; message: string; remedy: string } => ({
  code: 'usage',
  message: lang === 'en' ? 'image takes one or more picture files' : 'image 需要一个或多个图片文件',
  remedy: 'lora-doctor image FILE...',
});
