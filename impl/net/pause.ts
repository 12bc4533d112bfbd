/** Resolves after this time, or as soon as it is aborted: an end that is asked for is no error. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.max(0, Math.min(ms, 2 ** 31 - 1)));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  });
}
