/** The last part of a path, whichever slash it has: paths in logs and metadata come from any system. Empty behind a final slash. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
