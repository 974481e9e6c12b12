import type { Ui } from '../../facts/families';

export interface UiVotes {
  /** One vote, shared by the programs named. Lists are told apart by identity: a signature hands in the same one each time. */
  add(uis: readonly Ui[]): void;
  /** The program that most lines speak for; the printed version decides within the A1111 family. */
  winner(version: string | undefined): Ui | undefined;
  /** The same votes, counted on apart. */
  fork(): UiVotes;
}

const A1111_FAMILY: readonly Ui[] = ['a1111', 'forge', 'reforge', 'forge-classic', 'forge-neo'];

/** Which program wrote a log: each line that only some programs print is a vote for them. */
export function createUiVotes(given?: Ui, before: Iterable<readonly [readonly Ui[], number]> = []): UiVotes {
  const counts = new Map(before);
  return {
    fork: () => createUiVotes(given, counts),
    add(uis) {
      counts.set(uis, (counts.get(uis) ?? 0) + 1);
    },
    winner(version) {
      if (given) return given;
      const votes = new Map<Ui, number>();
      for (const [uis, count] of counts) for (const ui of uis) votes.set(ui, (votes.get(ui) ?? 0) + count / uis.length);
      let best: Ui | undefined;
      for (const [ui, weight] of votes) if (best === undefined || weight > (votes.get(best) ?? 0) + 1e-9) best = ui;
      const stated = version === undefined ? undefined : uiOfVersion(version);
      return stated && (best === undefined || A1111_FAMILY.includes(best)) ? stated : best;
    },
  };
}

/** `Version:` lines of the A1111 family (webui-a1111-family.md §1.2). Undefined for other shapes. */
function uiOfVersion(version: string): Ui | undefined {
  if (version === 'classic') return 'forge-classic';
  if (/^neo\b/.test(version)) return 'forge-neo';
  if (/^f1\.\d+\.\d+(?:v2\w*)?-v1\.10\.1RC/.test(version)) return 'reforge';
  if (/^f\d/.test(version)) return 'forge';
  return /^v?1\.\d{1,2}\.\d/.test(version) ? 'a1111' : undefined;
}

/**
 * Could a line that only `printedBy` print stand in a log of `ui`? Programs of one family are taken together: forks take over
 * each other's wordings, and people mix up their names. SwarmUI shows the console of the ComfyUI that it runs, Fooocus is built on its code;
 * SD.Next began as A1111.
 */
export function canPrint(ui: Ui, printedBy: readonly Ui[]): boolean {
  if (printedBy.includes(ui)) return true;
  if (ui === 'swarmui' || ui === 'fooocus') return printedBy.includes('comfyui');
  if (ui === 'sdnext') return printedBy.includes('a1111');
  return A1111_FAMILY.includes(ui) && printedBy.some((other) => A1111_FAMILY.includes(other));
}
