import type { Script } from './types';
import type { InstallFault } from './vocabulary';

/** Least torch that the present sd-scripts is made for (kohya-training.md §7 row 8). */
const LEAST_TORCH = [2, 6] as const;

/**
 * Judges the commands that set sd-scripts or its relatives up (kohya-training.md §7 rows 7 to 9); null when the script does not do so.
 * A tag or commit that is checked out may want an older torch: then its age says nothing.
 */
export function readInstallSteps(script: Script): InstallFault[] | null {
  const lines = script.commands.map(({ words }) => words.map((word) => word.text));
  const trainer = lines.some((words) =>
    words.some((word) => /(?:^|[\\/])(?:sd-scripts|musubi-tuner|kohya_ss)(?:\.git)?$/.test(word)),
  );
  const installs = lines.filter((words) => words.some((word) => /^pip\d?(?:\.exe)?$/.test(word)) && words.includes('install'));
  if (!trainer || installs.length === 0) return null;
  const out: InstallFault[] = [];
  const named = installs.filter((words) => words.some((word) => /^torch(?:$|[=<>~!+])/.test(word)));
  const pinned = installs.some((words) =>
    words.some((word) => /requirements[\w.-]*\.txt$/.test(word) || word === '-e' || word === '.'),
  );
  for (const words of named) {
    const torch = words.find((word) => /^torch(?:$|[=<>~!+])/.test(word)) ?? '';
    const index = words.some((word) => /^(?:--(?:extra-)?index-url|-i|-f|--find-links)(?:=|$)/.test(word));
    if (/\+(?:cu|rocm|cpu)/.test(torch) && !index) out.push('torch-build-without-index');
    const version = /==(\d+)\.(\d+)/.exec(torch);
    const old = version !== null && compare([Number(version[1]), Number(version[2])], LEAST_TORCH) < 0;
    const tag = lines.some(
      (line) => line[0] === 'git' && (line.includes('checkout') || line.includes('-b') || line.includes('--branch')),
    );
    if (old && !tag) out.push('torch-too-old');
    const beside = words.some((word) => /^(?:torchvision|xformers)$/.test(word));
    if (version !== null && beside && !index) out.push('unpinned-beside-torch');
  }
  const script_ = lines.some(
    (words) => words.some((word) => /(?:^|[\\/])(?:setup|install|gui)[\w.-]*\.(?:sh|bat|ps1)$/.test(word)) || words[0] === 'uv',
  );
  if (!pinned && !script_) out.push('requirements-skipped');
  return [...new Set(out)];
}

function compare(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0] || a[1] - b[1];
}
