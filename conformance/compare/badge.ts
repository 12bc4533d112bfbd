import { breaksConformance } from "../engine/execute.js";
import { html } from "../engine/report/html-text.js";
import { entityDocuments, entityName } from "../engine/report/words.js";
import type { RunResult } from "../engine/result.js";

interface Half {
  readonly text: string;
  readonly fill: string;
}

/** Dark enough for white letters: contrast of at least 4.5 to 1. */
const COLOURS = { good: "#1a7f37", bad: "#c2261c", unsure: "#8a5a00", name: "#3d4450" } as const;

/**
 * A badge for a README: entity and edition with what the product is, one pair after the other. It never shows a percentage: a product
 * conforms, or it does not.
 */
export function badge(runs: readonly RunResult[]): string {
  const halves = runs.flatMap((run) => [{ text: named(run), fill: COLOURS.name }, judged(run)]);
  const widths = halves.map(({ text }) => Math.round(widthOf(text)) + 14);
  const width = widths.reduce((sum, one) => sum + one, 0);
  const title = runs.map((run) => `${named(run)}: ${judged(run).text}`).join(", ");
  let left = 0;
  const boxes = halves.map(({ fill }, index) => {
    const box = `<rect x="${left}" width="${widths[index]}" height="20" fill="${fill}"/>`;
    left += widths[index] ?? 0;
    return box;
  });
  left = 0;
  const texts = halves.map(({ text }, index) => {
    const wide = widths[index] ?? 0;
    const line = `<text x="${left + wide / 2}" y="14" textLength="${wide - 14}">${html(text)}</text>`;
    left += wide;
    return line;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" viewBox="0 0 ${width} 20" role="img" aria-label="${html(title)}">
<title>${html(title)}</title>
<clipPath id="r"><rect width="${width}" height="20" rx="4"/></clipPath>
<g clip-path="url(#r)">${boxes.join("")}</g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">${texts.join("")}</g>
</svg>
`;
}

/** The Recommendation that is mainly the entity's, in the edition judged by; a report from before editions has none. */
function named({ entity, edition }: RunResult): string {
  const document = entityDocuments(entity)[0] ?? "";
  const judgedBy = (edition ?? []).find(({ title }) => title.startsWith(`${document} `))?.title;
  return `${entityName(entity)} ${judgedBy ?? document}`.trim();
}

function judged(run: RunResult): Half {
  const { conclusion, cases, selection } = run;
  const failing = cases.filter(breaksConformance).length;
  switch (conclusion) {
    case "fails":
      return { text: failing === 0 ? "fails its declaration" : `fails ${failing}`, fill: COLOURS.bad };
    case "conforms":
      // A part of the cases proves nothing about the rest.
      return selection !== undefined && cases.length < selection.of
        ? { text: `${cases.length} of ${selection.of} cases pass`, fill: COLOURS.unsure }
        : { text: "conforms", fill: COLOURS.good };
    default:
      return { text: conclusion, fill: COLOURS.unsure };
  }
}

/** Width in a usual sans-serif of 11 px; `textLength` makes it true whatever font the reader has. */
function widthOf(text: string): number {
  return [...text].reduce(
    (sum, letter) =>
      sum +
      (/[ijl.,:'|!]/.test(letter)
        ? 3.6
        : /[mwMW%]/.test(letter)
          ? 10.2
          : /[A-Z]/.test(letter)
            ? 7.9
            : /[ ftr()[\]-]/.test(letter)
              ? 4.6
              : 6.7),
    0,
  );
}
