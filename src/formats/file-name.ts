/** The last part of a path, whichever slash it has: paths in logs and metadata come from any system. Empty behind a final slash. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** Whether a path is a folder or lies in it, whichever slash they have. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
}
