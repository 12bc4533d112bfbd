import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { DeclarationInput } from "../engine/declaration.js";
import { Declaration } from "../engine/declaration.js";
import { checkDeclaration } from "../engine/declaration-check.js";
import { entities } from "../entities.js";
import { review } from "./review.js";
import { toTemplate } from "./template.js";

describe.each(Object.values(entities))("the template of $id", (entity) => {
  const template = toTemplate(entity);
  const { options, readings, values } = entity.declaration;
  const defaults = new Declaration(entity.declaration).effective();

  test("is a declaration that declares nothing", () => {
    const input = parse(template) as unknown;
    expect(checkDeclaration(entity.declaration, input)).toEqual([]);
    expect(new Declaration(entity.declaration, input as DeclarationInput).effective()).toEqual(defaults);
  });

  test("declares every item with its default once the marks are taken away", () => {
    const bare = template.replaceAll(/^( *)# ([\w-]+: )/gm, "$1$2");
    const input = parse(bare) as DeclarationInput;
    expect(Object.keys(input.options ?? {})).toEqual(Object.keys(options));
    expect(Object.keys(input.readings ?? {})).toEqual(Object.keys(readings));
    expect(Object.keys(input.values ?? {}).sort()).toEqual(Object.keys(values).sort());
    expect(checkDeclaration(entity.declaration, input)).toEqual([]);
    const declared = new Declaration(entity.declaration, input);
    expect({ ...declared.effective(), values: {}, explicit: [] }).toEqual({ ...defaults, values: {}, explicit: [] });
    expect(review(entity, declared).filter(({ breaks }) => breaks)).toEqual([]);
  });

  test("explains every letter", () => {
    for (const item of Object.values(readings)) {
      for (const letter of item?.letters ?? []) expect(template).toMatch(new RegExp(`^  ## {5}${letter}: \\S`, "m"));
    }
    for (const line of template.split("\n")) expect(line.length).toBeLessThanOrEqual(180);
  });
});
