import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikePickle } from '../../src/formats/pickle/detect';
import { rankOf } from '../../src/formats/pickle/lists';
import { bytes, calling, le, scan, torchZip, zip } from './pickle-samples';

const STATE = bytes(
  0x80,
  2,
  'ccollections\nOrderedDict\nq\x00)R',
  'X',
  le(1, 4),
  'w',
  'ctorch._utils\n_rebuild_tensor_v2\n(',
  '(X',
  le(7, 4),
  'storage',
  'ctorch\nFloatStorage\n',
  'X',
  le(1, 4),
  '0',
  'X',
  le(3, 4),
  'cpu',
  'K\x04tQ',
  'K\x00K\x04\x85K\x01\x85\x89h\x00)RtRs.',
);
const HOSTILE = calling('os', 'system');
const LEGACY = bytes(0x80, 2, 0x8a, 0x0a, [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19], '.');
const INT = bytes(0x80, 2, 'K\x01.');

const verdict = (data: Uint8Array): string => scan(data).verdict;
const names = (data: Uint8Array): string[] =>
  scan(data).globals.map((found) => `${found.module}.${found.name}${found.called ? '()' : ''}`);

describe('harmless pickles', () => {
  it('PK-00, PK-01, PK-02, PK-03, PK-04, PK-05, PK-06, PK-07 plain values, a torch state dict, numpy', () => {
    for (const data of ['(dp0\nVa\np1\nF1.5\ns.', '(lp0\nI1\naL5L\na.', "S'x'\n."]) expect(verdict(bytes(data))).toBe('safe');
    expect(verdict(STATE)).toBe('safe');
    expect(names(STATE)).toEqual(['collections.OrderedDict()', 'torch._utils._rebuild_tensor_v2()', 'torch.FloatStorage']);
    expect(verdict(bytes(0x80, 3, 'cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R.'))).toBe('safe');
    expect(verdict(bytes(0x80, 2, 'c_codecs\nencode\nX', le(1, 4), 'a', 'X', le(6, 4), 'latin1', 0x86, 'R.'))).toBe('safe');
  });

  it('PK-35, PK-56 torch zip and legacy file', () => {
    expect(scan(torchZip(STATE))).toMatchObject({ verdict: 'safe', problems: [] });
    const storages = bytes(le(640, 8), new Uint8Array(2560));
    expect(scan(bytes(LEGACY, INT, INT, STATE, INT, storages))).toMatchObject({ verdict: 'safe', problems: [] });
  });
});

describe('calls are found', () => {
  const os = 'cos\nsystem\n';
  const arg = bytes('X', le(1, 4), 'x');
  const hostile: Record<string, Uint8Array> = {
    'PK-08': HOSTILE,
    'PK-09 STACK_GLOBAL': bytes(0x80, 4, 0x8c, 2, 'os', 0x8c, 6, 'system', 0x93, arg, 0x85, 'R.'),
    'PK-10 INST': bytes("(S'x'\nios\nsystem\n."),
    'PK-10 OBJ': bytes(0x80, 2, '(', os, arg, 'o.'),
    'PK-10 NEWOBJ': bytes(0x80, 2, os, arg, 0x85, 0x81, '.'),
    'PK-10 NEWOBJ_EX': bytes(0x80, 4, os, arg, 0x85, '}', 0x92, '.'),
    'PK-10 BUILD': bytes(0x80, 2, os, '}b.'),
    'PK-11 protocol 0': bytes(os, "(S'x'\ntR."),
    'PK-12 memo': bytes(0x80, 4, 0x8c, 2, 'os', 0x94, '0', 0x8c, 6, 'system', 0x94, '0h\x00h\x01', 0x93, arg, 0x85, 'R.'),
    'PK-14 popped': bytes(0x80, 2, os, arg, 0x85, 'R0N.'),
    'PK-15 no STOP': bytes(0x80, 2, os, arg, 0x85, 'R'),
    'PK-16 invalid opcode': bytes(0x80, 2, os, arg, 0x85, 'R', 0xff),
    'PK-17 second pickle': bytes(INT, HOSTILE),
    'PK-18 behind zeros': bytes(INT, new Uint8Array(64), HOSTILE),
    'PK-19 nested': bytes(0x80, 3, 'cpickle\nloads\nC', [HOSTILE.length], HOSTILE, 0x85, 'R.'),
    'PK-20': calling('torch.storage', '_load_from_bytes'),
    'PK-21 dotted': calling('torch', 'serialization.os.system'),
    'PK-22': calling('pkgutil', 'resolve_name'),
    'PK-29 PROTO twice, 255': bytes(0x80, 2, 0x80, 255, os, arg, 0x85, 'R.'),
    'PK-30 FRAME': bytes(0x80, 4, 0x95, le(2 ** 62, 8), os, arg, 0x85, 'R.'),
    'PK-36 zip': torchZip(HOSTILE),
    'PK-37 CRC': zip([{ name: 'm/data.pkl', data: HOSTILE, crc: 1 }]),
    'PK-38 flag 1': zip([{ name: 'm/data.pkl', data: HOSTILE, flags: 0x01 }]),
    'PK-38 flag 20': zip([{ name: 'm/data.pkl', data: HOSTILE, flags: 0x20 }]),
    'PK-38 flag 40': zip([{ name: 'm/data.pkl', data: HOSTILE, flags: 0x40 }]),
    'PK-39 local name': zip([{ name: 'm/data.pkl', localName: 'm/other.txt', data: HOSTILE }]),
    'PK-39 central name': zip([{ name: 'm/other.txt', localName: 'm/data.pkl', data: HOSTILE }]),
    'PK-40 odd names': zip([{ name: '../data.pkl', data: HOSTILE }]),
    'PK-41 readme': torchZip(STATE, [{ name: 'm/readme.txt', data: HOSTILE }]),
    'PK-41 protocol 0': torchZip(STATE, [{ name: 'm/x', data: bytes(os, "(S'x'\ntR.") }]),
    'PK-42 twice': zip([
      { name: 'm/data.pkl', data: HOSTILE },
      { name: 'm/data.pkl', data: STATE },
    ]),
    'PK-43 two folders': zip([
      { name: 'a/data.pkl', data: STATE },
      { name: 'b/data.pkl', data: HOSTILE },
    ]),
    'PK-46 zip in zip': zip([{ name: 'm/inner', data: torchZip(HOSTILE) }]),
    'PK-50 pickle before the zip': bytes(HOSTILE, torchZip(STATE)),
    'PK-56 fourth': bytes(LEGACY, INT, INT, HOSTILE, INT),
    'PK-56 first': bytes(HOSTILE, LEGACY, INT, INT, STATE),
    'PK-57 magic by a call': bytes(0x80, 2, os, arg, 0x85, 'R.', INT, INT, STATE, INT),
    'storage that is a pickle': torchZip(STATE, [{ name: 'm/data/1', data: HOSTILE }]),
    'escaped name': bytes(0x80, 4, "S'o\\x73'\n", 'Vsy\\u0073tem\n', 0x93, arg, 0x85, 'R.'),
  };
  it.each(Object.entries(hostile))('%s', (_id, data) => {
    expect(verdict(data)).toBe('dangerous');
  });

  it('PK-23 names of the advisories', () => {
    const bad =
      'pip.main timeit.timeit torch.utils.bottleneck.x torch._dynamo.guards.GuardBuilder torch.utils.collect_env.run torch.jit.x idlelib.x ' +
      'trace.Trace profile.run cProfile.run lib2to3.x code.InteractiveInterpreter doctest.debug_script ensurepip._run_pip pydoc.locate ' +
      'operator.methodcaller ctypes.CDLL pty.spawn numpy.f2py.x distutils.file_util.write_file _operator.attrgetter _io.FileIO urllib.request.urlopen ' +
      'cloudpickle.x types.CodeType logging.FileHandler uuid.x imaplib.x _pyrepl.x _osx_support.x _aix_support.x builtins.eval __builtin__.exec ' +
      'builtins.getattr nt.system posix.system subprocess.Popen functools.partial numpy.testing.x torch.hub.load torch.serialization.load';
    for (const full of bad.split(' ')) {
      const dot = full.lastIndexOf('.');
      expect([full, rankOf(full.slice(0, dot), full.slice(dot + 1))]).toEqual([full, 'dangerous']);
    }
  });

  it('PK-55 very many globals: the list is capped, the count exact', () => {
    const many = scan(bytes(0x80, 2, Array.from({ length: 5000 }, (_, i) => `cmodule${i}\nname\n0`).join(''), 'N.'));
    expect([many.verdict, many.globals.length, many.globalCount]).toEqual(['suspicious', 1000, 5000]);
  });
});

describe('what is odd, and what cannot be followed', () => {
  it('PK-24, PK-25, PK-28, PK-43, PK-44, PK-45 suspicious', () => {
    expect(verdict(calling('some_package.thing', 'Class'))).toBe('suspicious');
    expect(verdict(bytes(0x80, 2, 'c', [0xd0, 0xbe], 's\nsystem\nN.'))).toBe('suspicious');
    expect(scan(bytes('Pwhatever\n.'))).toMatchObject({ verdict: 'suspicious', problems: ['persistent-text'] });
    expect(scan(torchZip(STATE, [{ name: 'm/weird.bin', data: bytes('x') }]))).toMatchObject({
      problems: ['unknown-member: m/weird.bin'],
    });
    expect(scan(torchZip(STATE, [{ name: 'm/constants.pkl', data: INT }])).problems).toContain('torchscript');
    const two = zip([
      { name: 'a/data.pkl', data: STATE },
      { name: 'b/data.pkl', data: STATE },
    ]);
    expect(scan(two)).toMatchObject({ verdict: 'suspicious', problems: ['several-data-pickles'] });
    expect(scan(bytes(LEGACY, INT, INT, STATE, INT, INT)).problems).toEqual(['pickle-in-storages']);
  });

  it('PK-13, PK-27, PK-31, PK-33, PK-34 unscannable', () => {
    const cases: Record<string, Uint8Array> = {
      'memo-unknown': bytes(0x80, 2, 'h\x07.'),
      'extension-registry': bytes(0x80, 2, 0x82, 1, '.'),
      truncated: bytes(0x80, 4, 0x8e, le(2 ** 63, 8)),
      'negative-length': bytes(0x80, 2, 0x8b, [0xfb, 0xff, 0xff, 0xff], '.'),
      'line-too-long': bytes(0x80, 2, `V${'x'.repeat(100_000)}`),
      empty: new Uint8Array(0),
      'unknown-opcode': bytes(0x80, 2, 'N', 0xfe),
      'stack-underflow': bytes(0x80, 2, '0.'),
    };
    for (const [code, data] of Object.entries(cases))
      expect([code, scan(data)]).toMatchObject([code, { verdict: 'unscannable', problems: expect.arrayContaining([code]) }]);
    for (const length of [0xffffffff, 2 ** 31]) expect(verdict(bytes(0x80, 2, 'X', le(length, 4)))).toBe('unscannable');
    expect(verdict(bytes(0x80, 2))).toBe('unscannable');
    expect(verdict(bytes('hello world'))).toBe('unscannable');
  });

  it('names that only running it would tell are dangerous', () => {
    expect(verdict(bytes(0x80, 4, 'N', 0x8c, 6, 'system', 0x93, '.'))).toBe('dangerous');
  });

  it('PK-47, PK-48, PK-51, PK-52, PK-59 containers', () => {
    const end = bytes('PK', 5, 6, le(0, 18));
    expect(scan(bytes(zip([{ name: 'm/data.pkl', data: STATE }], end)))).toMatchObject({
      verdict: 'unscannable',
      problems: expect.arrayContaining(['ambiguous-end']),
    });
    expect(verdict(torchZip(STATE).subarray(0, 200))).toBe('unscannable');
    for (const method of [8, 14, 93]) expect(verdict(zip([{ name: 'm/data.pkl', data: STATE, method }]))).toBe('unscannable');
    const good = zip([
      { name: 'm/data.pkl', data: STATE },
      { name: 'm/data/0', data: new Uint8Array(8) },
    ]);
    const at = good.lastIndexOf(0x50, good.length - 23 - 'm/data/0'.length);
    const overlapping = good.slice();
    overlapping.set(le(0, 4), at + 42); // The second entry's local header is the first's.
    expect(scan(overlapping)).toMatchObject({ verdict: 'unscannable', problems: expect.arrayContaining(['overlap']) });
    for (const magic of [
      [0x1f, 0x8b, 8],
      [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
      [0x52, 0x61, 0x72, 0x21, 0x1a, 7],
    ])
      expect(verdict(bytes(magic, new Uint8Array(40)))).toBe('unscannable');
  });

  it('PK-53, PK-54 bombs', () => {
    const doublings = Array.from(
      { length: 200 },
      (_, i) => `h${String.fromCharCode(i)}h${String.fromCharCode(i)}\x86q${String.fromCharCode(i + 1)}0`,
    ).join('');
    expect(scan(bytes(0x80, 2, 'K\x01q\x000', doublings, 'N.'))).toMatchObject({
      verdict: 'suspicious',
      problems: ['expansion'],
    });
    expect(scan(bytes(0x80, 2, ']'.repeat(1_000_000)))).toMatchObject({ verdict: 'unscannable', problems: ['too-deep'] });
    expect(scan(bytes(0x80, 2, 'N0'.repeat(1_500_000), 'N.'))).toMatchObject({
      verdict: 'unscannable',
      problems: ['too-many-opcodes'],
    });
  });

  it('PK-58 legacy tar', () => {
    const header = new Uint8Array(512);
    header.set(bytes('pickle'));
    header.set(bytes(HOSTILE.length.toString(8).padStart(11, '0')), 124);
    header.set(bytes('ustar'), 257);
    const body = new Uint8Array(512);
    body.set(HOSTILE);
    expect(scan(bytes(header, body, new Uint8Array(1024)))).toMatchObject({ verdict: 'dangerous', problems: ['legacy-tar'] });
  });
});

describe('any bytes', () => {
  it('PK-61 mutants never throw, and a whole payload is never called safe', () => {
    // Far enough behind that no changed length makes a mere text of the payload: then `safe` would be right.
    const base = bytes(STATE.subarray(0, STATE.length - 1), '0', 'N0'.repeat(2000), HOSTILE.subarray(2));
    fc.assert(
      fc.property(fc.nat(STATE.length - 2), fc.nat(255), fc.boolean(), (at, value, insert) => {
        const mutant = insert ? bytes(base.subarray(0, at), value, base.subarray(at)) : base.with(at, value);
        expect(scan(mutant).verdict).not.toBe('safe');
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        expect(typeof scan(data).verdict).toBe('string');
        expect(typeof scan(bytes('PK', 3, 4, data)).verdict).toBe('string');
        expect(typeof looksLikePickle(data)).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });
});
