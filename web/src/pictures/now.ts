/** The time, for what counts down. */
import { useEffect, useState } from 'react';

/** @param isRunning whether it goes on: what does not change needs no clock */
export function useNow(isRunning: boolean, everyMs = 1_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isRunning) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [isRunning, everyMs]);
  return now;
}
