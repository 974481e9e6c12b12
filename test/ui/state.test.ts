import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/i18n/language';
import { lineWidth } from '../../src/report/lines';
import { type Action, actionFor, KEYMAP, keyNames, type PressedKey, type ScreenName } from '../../src/ui/keymap';
import { initialState, newSince, placeOf, reduce, type UiEvent, type UiState } from '../../src/ui/state';
import { screenLines } from '../../src/ui/views/screen';
import { canvas } from '../../src/ui/views/view';
import { chineseFinding, sampleFinding, sampleReport } from '../report/sample';

const around = (order: readonly string[]) => ({ order, page: 3, maxScroll: 5 });
const run = (state: UiState, order: readonly string[], ...actions: Action[]) =>
  actions.reduce((now, action) => reduce(now, { type: 'action', action, around: around(order) }), state);
const start = (order: readonly string[]) => reduce(initialState, { type: 'report', order });
const five = ['a', 'b', 'c', 'd', 'e'];

describe('keymap', () => {
  it.each(['scan', 'list', 'finding', 'undecided', 'symptoms', 'help'] as ScreenName[])(
    'has no key twice on %s, and a way out',
    (screen) => {
      const keys = KEYMAP.filter((binding) => binding.screens.includes(screen)).flatMap((binding) => binding.keys);
      expect(new Set(keys).size).toBe(keys.length);
      expect(actionFor(screen, 'ctrl+c')).toBe('interrupt');
      expect(actionFor(screen, 'q')).toBe('quit');
      expect(['quit', 'back']).toContain(actionFor(screen, 'esc'));
    },
  );

  it('names several keys that came as one string, and ignores Alt', () => {
    const none: PressedKey = {
      upArrow: false,
      downArrow: false,
      leftArrow: false,
      rightArrow: false,
      pageUp: false,
      pageDown: false,
      home: false,
      end: false,
      return: false,
      escape: false,
      backspace: false,
      delete: false,
      ctrl: false,
      meta: false,
    };
    expect(keyNames('jj\r', none)).toEqual(['j', 'j', 'enter']);
    expect(keyNames('q', { ...none, meta: true })).toEqual([]);
    expect(keyNames('c', { ...none, ctrl: true })).toEqual(['ctrl+c']);
    expect(keyNames('', { ...none, pageDown: true })).toEqual(['pageDown']);
  });
});

describe('reduce', () => {
  it('moves within the list and stops at its ends', () => {
    expect(run(start(five), five, 'down', 'down').selected).toBe('c');
    expect(run(start(five), five, 'up').selected).toBe('a');
    expect(run(start(five), five, 'last', 'down').selected).toBe('e');
    expect(run(start(five), five, 'pageDown').selected).toBe('d');
    expect(run(start(five), five, 'last', 'first').index).toBe(0);
  });

  it('opens, walks on to the next, and comes back to it', () => {
    const opened = run(start(five), five, 'open', 'down', 'down');
    expect(opened).toMatchObject({ screen: 'finding', scroll: 2, selected: 'a' });
    expect(run(opened, five, 'next')).toMatchObject({ screen: 'finding', scroll: 0, selected: 'b' });
    expect(run(opened, five, 'next', 'help', 'back')).toMatchObject({ screen: 'finding', selected: 'b' });
    expect(run(opened, five, 'next', 'back')).toMatchObject({ screen: 'list', selected: 'b', index: 1 });
    expect(run(opened, five, 'last')).toMatchObject({ scroll: 5 });
  });

  it('keeps the open finding when it goes away, and moves near it on the way back', () => {
    const open = run(start(five), five, 'down', 'down', 'open');
    const without = ['a', 'b', 'd', 'e'];
    const gone = reduce(open, { type: 'report', order: without });
    expect(gone.selected).toBe('c');
    expect(run(gone, without, 'back')).toMatchObject({ screen: 'list', selected: 'd' });
  });

  it('counts what came since the last key', () => {
    const more = reduce(start(['a']), { type: 'report', order: ['x', 'a', 'y'] });
    expect(newSince(more, ['x', 'a', 'y'])).toBe(2);
    expect(newSince(run(more, ['x', 'a', 'y'], 'down'), ['x', 'a', 'y'])).toBe(0);
  });

  it('never leaves the list, whatever happens', () => {
    const orders = fc.subarray(five);
    const events = fc.oneof(
      fc.record({ type: fc.constant('report' as const), order: orders }),
      fc.record({
        type: fc.constant('action' as const),
        action: fc.constantFrom<Action>(
          'up',
          'down',
          'pageUp',
          'pageDown',
          'first',
          'last',
          'open',
          'back',
          'next',
          'previous',
          'help',
          'undecided',
        ),
        around: orders.map(around),
      }),
    );
    fc.assert(
      fc.property(fc.array(events, { maxLength: 30 }), (list: UiEvent[]) => {
        let order: readonly string[] = five;
        let state = start(five);
        for (const event of list) {
          order = event.type === 'report' ? event.order : event.around.order;
          state = reduce(state, event);
          const place = placeOf(state, order);
          expect(place).toBeGreaterThanOrEqual(0);
          expect(place).toBeLessThanOrEqual(Math.max(0, order.length - 1));
          expect(state.scroll).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('screenLines', () => {
  it('fits every window, page and language', () => {
    const findings = [
      chineseFinding(),
      ...['1', '2', '3', '4'].map((id) => sampleFinding({ fingerprint: id, title: `${id} ${'long '.repeat(30)}` })),
    ];
    const inconclusive = [
      {
        rule: 'a/b',
        subject: { kind: 'gpu', id: 'g', label: 'g' },
        blockedBy: [{ fact: 'x', title: '显存大小', reason: 'ambiguous' }],
      },
    ];
    const session = { phase: 'ready' as const, checks: [], report: sampleReport(findings, { inconclusive }) };
    const screens = fc.constantFrom<UiState['screen']>('list', 'finding', 'help', 'undecided');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 60 }),
        screens,
        fc.constantFrom(...LANGUAGES),
        (columns, rows, screen, language) => {
          const lines = screenLines(
            { ...initialState, screen, selected: 'zh', scroll: 3 },
            session,
            0,
            canvas({ columns, rows }, language, false),
          );
          expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
          for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(Math.max(2, columns));
        },
      ),
      { numRuns: 300 },
    );
  });
});
