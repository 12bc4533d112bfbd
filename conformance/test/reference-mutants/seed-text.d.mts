export function seed(text: string, id: string, edits: readonly { find: string; replace: string }[]): string;
