/** What `.git` says without the git binary (webui-a1111-family.md §1.2). */
export interface GitHead {
  /** Branch name of a symbolic HEAD, without `refs/heads/`. */
  readonly branch: string | null;
  /** The commit when HEAD holds it itself. */
  readonly commit: string | null;
}

const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** `.git/HEAD`: `ref: refs/heads/x` or a raw hash. */
export function readHead(text: string): GitHead {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  if (HASH.test(line)) return { branch: null, commit: line };
  const ref = /^ref:\s*refs\/heads\/(.{1,200})$/.exec(line)?.[1];
  return { branch: ref ?? null, commit: null };
}

/** The content of a loose ref file, or null when it is no hash. */
export function readRef(text: string): string | null {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  return HASH.test(line) ? line : null;
}

/** One line of packed-refs: the commit it stands for is the peeled one of an annotated tag. */
export interface PackedRef {
  readonly name: string;
  readonly hash: string;
  readonly commit: string;
}

export function readPackedRefs(text: string): readonly PackedRef[] {
  const refs: PackedRef[] = [];
  for (const raw of text.split('\n', 200_000)) {
    const line = raw.trimEnd();
    const last = refs.at(-1);
    if (line.startsWith('^') && last && HASH.test(line.slice(1))) refs[refs.length - 1] = { ...last, commit: line.slice(1) };
    const space = line.indexOf(' ');
    const hash = line.slice(0, Math.max(0, space));
    if (HASH.test(hash)) refs.push({ name: line.slice(space + 1), hash, commit: hash });
  }
  return refs;
}

/** URL of remote `origin` (or of the only remote) in `.git/config`, without credentials; null when there is none. */
export function readRemote(text: string): string | null {
  let section = '';
  const remotes = new Map<string, string>();
  for (const raw of text.split('\n', 20_000)) {
    const line = raw.trim();
    if (line.startsWith('[')) section = /^\[remote "([^"]*)"\]/.exec(line)?.[1] ?? '';
    const url = section === '' ? undefined : /^url\s*=\s*(\S.*)$/.exec(line)?.[1];
    if (url !== undefined && !remotes.has(section)) remotes.set(section, url.trim());
  }
  const url = remotes.get('origin') ?? [...remotes.values()][0];
  return url?.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1') ?? null;
}

/** `owner/name` of a hosted repository, lower case; null for anything else. */
export function repositoryOf(remote: string): string | null {
  const match = /[/:]([^/:\s]+)\/([^/\s]+?)(?:\.git)?\/?$/.exec(remote);
  return match ? `${match[1]}/${match[2]}`.toLowerCase() : null;
}

/** A `.git` file (worktree, submodule): `gitdir: path`. */
export function readGitFile(text: string): string | null {
  return /^gitdir:\s*(\S.*)$/.exec(text.split('\n', 1)[0]?.trim() ?? '')?.[1] ?? null;
}
