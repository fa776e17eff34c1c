/** Long work in pieces: between two of them the browser answers taps and draws. */

interface Scheduler {
  yield?(): Promise<void>;
}

/** Resolves when the browser has done what was waiting. */
export function breath(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: Scheduler };
  return scheduler?.yield?.() ?? new Promise((done) => setTimeout(done));
}
