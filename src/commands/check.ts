import type { Depth } from '../checks/check';
import { createLiveCheck } from '../checks/live/check';
import { show } from '../formats/show';
import { exitStatus } from '../report/exit';
import type { Severity } from '../report/schema';
import { judge, look } from '../scan/scan';
import { type CommandContext, fail } from './context';
import { loadDoctor } from './doctor';
import { liveText } from './live-text';
import { onlyArea } from './only';
import { printReport } from './print';
import { noSuchPath, targetsOf } from './targets';

/** `check [PATH...]`, and the same for no command when piped. */
export async function runCheck(context: CommandContext): Promise<number> {
  const { args, lang } = context;
  const doctor = await loadDoctor(context);
  if ('code' in doctor) return fail(context, doctor, 2);
  const symptom = args.options.get('symptom');
  if (typeof symptom === 'string' && !Object.hasOwn(doctor.base.symptoms, symptom)) {
    return fail(context, unknownSymptom(symptom, Object.keys(doctor.base.symptoms), lang), 2);
  }
  const targets = targetsOf(context);
  const missing = targets.paths.find((p) => context.platform.stat(p) === null);
  if (missing !== undefined) return fail(context, noSuchPath(missing, lang), 2);
  const live = args.options.get('live');
  const asking = live === undefined ? null : createLiveCheck(typeof live === 'string' ? live : null);
  const checks = asking ? [...doctor.checks.filter((c) => c.id !== asking.id), asking] : doctor.checks;
  const looked = await look(
    { ...doctor, checks },
    {
      targets: targets.paths,
      searching: targets.searching,
      depth: (args.options.get('depth') as Depth | undefined) ?? 'normal',
      symptoms: typeof symptom === 'string' ? [symptom] : [],
      signal: context.signal,
    },
  );
  if (context.signal.aborted) return 130;
  const files = (['lora', 'checkpoint', 'image', 'log'] as const).some((kind) => looked.store.subjects(kind).length > 0);
  if (looked.store.subjects('install').length === 0 && !files) return fail(context, noInstall(targets, lang), 2);
  const report = onlyArea(judge(doctor, looked, lang, context.redact && context.json), args.options.get('only'), doctor.base);
  printReport(context, report);
  if (live !== undefined && !context.json) context.stdout.write(liveText(looked.store, lang));
  if (looked.snapshot.checks.length > 0 && looked.snapshot.checks.every((c) => c.status === 'failed' || c.status === 'timed-out'))
    return 3;
  return exitStatus(report, (args.options.get('fail-on') as Severity | undefined) ?? 'error');
}

function noInstall(
  { paths, searching }: ReturnType<typeof targetsOf>,
  lang: CommandContext['lang'],
): { code: string; message: string; remedy: string } {
  const usual = lang === 'en' ? ' or in the usual places' : ' 和常见位置';
  const places = paths.map((path) => show(path, 1000)).join(', ') + (searching ? usual : '');
  return {
    code: 'no-install',
    message:
      lang === 'en'
        ? `no WebUI, model file, picture or log found in ${places}`
        : `在 ${places} 中没有找到 WebUI、模型文件、图片或日志`,
    remedy:
      lang === 'en'
        ? 'name the folder that holds launch.py and modules/ (A1111, Forge), or main.py and comfy/ (ComfyUI): lora-doctor check PATH; or try: lora-doctor demo'
        : '请给出包含 launch.py 与 modules/（A1111、Forge）或 main.py 与 comfy/（ComfyUI）的文件夹：lora-doctor check 路径；也可先试：lora-doctor demo',
  };
}

function unknownSymptom(
  word: string,
  known: readonly string[],
  lang: CommandContext['lang'],
): { code: string; message: string; remedy: string } {
  return {
    code: 'bad-value',
    message: lang === 'en' ? `--symptom does not know "${show(word, 80)}"` : `--symptom 不认识“${show(word, 80)}”`,
    remedy: `${lang === 'en' ? 'it takes' : '可用'}: ${known.join(', ')}`,
  };
}
