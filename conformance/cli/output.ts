/** Where a command writes; tests put their own. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
  /** Colours and progress: only where a person looks at a terminal. */
  readonly terminal: boolean;
  /** Width of the terminal, where there is one. */
  readonly columns?: number | undefined;
}

export const processOutput: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  terminal: process.stdout.isTTY === true && !process.env.NO_COLOR,
  columns: process.stdout.columns,
};
