/** Captures that `derive` may add to any hit; rules may ask for them. */
export const DERIVED_CAPTURES = [
  'fileWidth',
  'modelWidth',
  'fileFamily',
  'wantedFamily',
  'leftWidth',
  'rightWidth',
  'leftFamily',
  'rightFamily',
  'quantised',
  'channels',
  'rows',
  'projections',
  'modelFile',
  'part',
  'keyStyle',
  'adapter',
  'keyFamily',
  'checkpointKeys',
  'bundled',
  'ownModule',
  'mixed',
  'during',
  'extension',
  'customNode',
] as const;

const TRACEBACK_CAPTURES = [
  'exception',
  'message',
  'lastFrame',
  'stage',
  'package',
  'code',
  'bundled',
  'mixed',
  'function',
  'during',
  'extension',
  'customNode',
  'innermost',
  'root',
  'cut',
] as const;

/** Signals that no signature gives but the traceback reader, with their captures. */
export const TRACEBACK_SIGNALS = [
  { signal: 'traceback', captures: TRACEBACK_CAPTURES },
  { signal: 'extension-traceback', captures: TRACEBACK_CAPTURES },
  { signal: 'noise-network-traceback', captures: TRACEBACK_CAPTURES },
] as const;
