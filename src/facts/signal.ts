/**
 * One thing that a log said. Several wordings (signatures, `rules/signatures/*.yaml`) may mean the same signal; rules ask
 * for signals only. Equal captures are one hit with a count; at most 50 different hits a signal and session are kept.
 */
export type SignalHit = {
  readonly signal: string;
  readonly signature: string;
  /** How many times with these captures, and how many times in all in this session. */
  readonly count: number;
  readonly total: number;
  /** 1-based, counted by `\n` in the raw file. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** The first matching line without colours and control characters, at most 400 characters. */
  readonly text: string;
  readonly captures: { readonly [name: string]: string };
};
