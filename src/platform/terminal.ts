/** The streams of this process as Ink needs them. */
export const processTerminal = () => ({ stdin: process.stdin, stdout: process.stdout, stderr: process.stderr });
