import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleParts, withoutSequences } from '../../../src/formats/log/clean';
import { unprefixed } from '../../../src/formats/log/prefix';

describe('escape sequences', () => {
  it('takes colours and hyperlinks away (LG-19)', () => {
    expect(withoutSequences('\x1b[1m\x1b[33m[WARNING]\x1b[0m text')).toBe('[WARNING] text');
    expect(withoutSequences('a \x1b]8;id=1;file:///x.py\x1b\\x.py\x1b]8;;\x1b\\ b')).toBe('a x.py b');
  });

  it('reads around OSC, DCS and APC, ended or not (LG-20)', () => {
    expect(withoutSequences('a\x1b]0;title\x07b\x1bP1;2\x1b\\c\x1b_x\x1b\\d')).toBe('abcd');
    expect(withoutSequences('a\x1b]52;c;CUDA out of memory')).toBe('a52;c;CUDA out of memory');
  });

  it('shows what a cursor movement would hide (LG-21)', () => {
    expect(visibleParts('ERROR first\x1b[A\x1b[2KOK second')).toEqual(['ERROR first', 'OK second']);
  });

  it('never leaves an escape character', () => {
    const text = fc.string({ unit: fc.constantFrom('\x1b', '[', ']', 'm', '\\', '\x07', 'a', ';', '1', 'P') });
    fc.assert(
      fc.property(text, (piece) => {
        expect(withoutSequences(piece)).not.toContain('\x1b');
      }),
      { numRuns: 500 },
    );
  });
});

describe('progress bars', () => {
  it('cuts a message off that is glued behind a bar', () => {
    expect(visibleParts('Patching:  43%|██  | 130/304 [00:06<00:08, 19.72it/s]ERROR lora x CUDA out of memory')).toEqual([
      'Patching:  43%|██  | 130/304 [00:06<00:08, 19.72it/s]',
      'ERROR lora x CUDA out of memory',
    ]);
  });

  it('leaves text with a percent sign alone', () => {
    expect(visibleParts('weights at 100%|yes')).toEqual(['weights at 100%|yes']);
  });
});

describe('prefixes', () => {
  it.each([
    ['[2026-11-24 13:20:05.896] ** Platform: Linux', '** Platform: Linux'],
    ['[2026-11-24 13:20:05.896] [info]  got prompt', 'got prompt'],
    ['[WARNING] lora key not loaded: x', 'lora key not loaded: x'],
    ['WARNING:root:lora key not loaded: x', 'lora key not loaded: x'],
    ['12:00:00-123456 WARNING  text', 'text'],
    ['2025-01-01 10:00:00,123 | host | sd | ERROR | lora_load | text', 'text'],
    ['2024-03-01 10:00:00 INFO [root] text', 'text'],
    ['10:00:00.123 [Debug] [ComfyUI-0/STDERR] [WARNING] text', 'text'],
    ['[2025-01-01 10:00:00,123]::[InvokeAI]::WARNING --> text', 'text'],
    ['*** text', 'text'],
    ['webui-1  | *** text', 'text'],
    ['stable_diffusion_1 | [2026-11-25 10:00:00] [INFO] text', 'text'],
    ['Nov  5 10:00:00 box webui.sh[812]: text', 'text'],
    ['(pid=1234) text', 'text'],
    ['20/20 | text', '20/20 | text'],
    ['name | text', 'name | text'],
    ['pidgin | text', 'pidgin | text'],
    ['WARNING SHAPE MISMATCH x', 'WARNING SHAPE MISMATCH x'],
    ['ERROR lora x', 'ERROR lora x'],
    ['[LORA] Loaded x', '[LORA] Loaded x'],
    ['2024-08-12 14:00:43.353 [Debug] [ComfyUI-0/STDERR] lora key not loaded: x', 'lora key not loaded: x'],
    ['2024-06-14 11:47:37.608 [Debug] ComfyUI-0 on port 7821 stderr: got prompt', 'got prompt'],
    ['2025-07-29T06:02:54.967889 - got prompt', 'got prompt'],
    ['2025-07-29T06:02:54.967889 - KeyError2025-07-29T06:02:54.967889 - : 2025-07-29T06:02:54.968001 - x', 'KeyError: x'],
    ['- **Exception Message:** Allocation on device', 'Allocation on device'],
    ['Dec 12 01:18:51 box run.sh[39544]: OSError: x', 'OSError: x'],
    ['> Traceback (most recent call last):', 'Traceback (most recent call last):'],
    ['2024-08-05 18:23:21,124 [ERROR] (__main__) text', 'text'],
    ['[2024-12-11 17:41:22,751] [INFO] [launch.py:146:main] text', 'text'],
    ['10/27/2024 01:39:14 - INFO - __main__ - text', 'text'],
    ['[07:50:25] [STDERR] text', 'text'],
    ['2026-03-26T14:38:51.203282370Z [eef6d770-c7b4] [14:38:51] [STDERR] text', 'text'],
    ['[rank0]:   File "a.py", line 1, in f', '  File "a.py", line 1, in f'],
    ['10/27/2024 text', '10/27/2024 text'],
  ])('%s', (line, body) => {
    expect(unprefixed(line).body).toBe(body);
  });

  it('tells who wrote the line', () => {
    expect(unprefixed('10:00:00.123 [Debug] [ComfyUI-1/STDERR] text').source).toBe('ComfyUI-1');
    expect(unprefixed('[rank1]: text').source).toBe('rank1');
    expect(unprefixed('[ERROR] text').source).toBeUndefined();
  });

  it('tells the level', () => {
    expect(unprefixed('[2026-11-24 13:20:05.896] [error]  x').level).toBe('ERROR');
    expect(unprefixed('x').level).toBeUndefined();
  });
});
