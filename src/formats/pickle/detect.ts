import { bytesOf } from '../bytes';
import { PickleMachine } from './machine';
import { PickleReader, PickleStop } from './reader';

/** PROTO, the first opcode of protocol 2 and up. */
const HEADER = 0x80;

/** Opcodes that need nothing on the stack: a storage of 640 elements also begins with 80 02, and then zeros. */
const FIRST = new Set([
  ...[...'()]}cCXBTUVSIKJLMNGFP.'].map((char) => char.charCodeAt(0)),
  ...[0x80, 0x82, 0x83, 0x84, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x95, 0x96, 0x97],
]);
/** How the pickler of protocol 0 begins a dict, a list or a tuple. */
const PROTOCOL_0 = /^\((?:dp|lp)\d+\n/;

/** Whether bytes begin like a pickle: a protocol header, or opcodes of protocol 0/1 that make sense up to STOP or the end. */
export function looksLikePickle(head: Uint8Array): boolean {
  if (head[0] === HEADER)
    return head.length > 1 && (head[1] ?? 0) >= 1 && (head[1] ?? 0) <= 5 && (head.length === 2 || FIRST.has(head[2] ?? 0));
  if (head.length < 2) return false;
  let calls = 0;
  const listener = {
    global: (module: string, name: string) => (/^[\p{L}\p{N}_.]+$/u.test(module + name) ? 'name' : ''),
    called: (key: string) => {
      if (key !== '') calls++;
    },
    nested: () => undefined,
    problem: () => undefined,
  };
  try {
    return new PickleMachine(new PickleReader(bytesOf(head)), listener).run() > 1;
  } catch (error) {
    if (!(error instanceof PickleStop)) throw error;
    return calls > 0 || PROTOCOL_0.test(String.fromCharCode(...head.subarray(0, 16)));
  }
}
