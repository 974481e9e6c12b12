import { useStdout } from 'ink';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Session, SessionState } from '../watch/session-types';
import type { Size } from './views/view';

/** What the session knows now; draws again with each change. */
export const useSession = (session: Session): SessionState =>
  useSyncExternalStore(
    (listener) => session.subscribe(listener),
    () => session.current(),
  );

const DEFAULT_SIZE: Size = { columns: 80, rows: 24 };

/** The terminal's size; follows its resizing. */
export function useTerminalSize(): Size {
  const { stdout } = useStdout();
  const measure = (): Size => ({ columns: stdout.columns || DEFAULT_SIZE.columns, rows: stdout.rows || DEFAULT_SIZE.rows });
  const [size, setSize] = useState(measure);
  useEffect(() => {
    const resized = () => setSize({ columns: stdout.columns || DEFAULT_SIZE.columns, rows: stdout.rows || DEFAULT_SIZE.rows });
    stdout.on('resize', resized);
    return () => {
      stdout.off('resize', resized);
    };
  }, [stdout]);
  return size;
}

/** Counts up while `active`, for the spinner: eight times a second. */
export function useTick(active: boolean): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setTick((value) => value + 1), 125);
    return () => clearInterval(timer);
  }, [active]);
  return tick;
}
