import { version } from '../package.json';

/**
 * argv → command. The only place that sets the exit status. Everything else is loaded when it is needed: `--version` must
 * not pay for a screen, a schema library or a YAML parser.
 */
async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  const { dispatch } = await import('./commands/dispatch');
  return dispatch(argv, version);
}

// A closed pipe (`| head`) is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

// Not `process.exit`: a pipe may not have taken the whole report yet.
process.exitCode = await main(process.argv.slice(2));
