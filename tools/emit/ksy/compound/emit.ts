import type { Printer } from "../../../print/printer.js";
import { literal } from "../../../print/printer.js";
import type { Compound } from "./model.js";
import { printEncode } from "./print-measure.js";
import { namesOf, printDecode } from "./print-read.js";
import { valuesOf } from "./print-types.js";
import { printWrite } from "./print-write.js";

/** A printer with what all parts of a codec share. */
export interface CompoundPrinter {
  readonly model: Compound;
  readonly printer: Printer;
  /** `../runtime/` */
  readonly runtime: string;
}

/** encode, decode, and the framing that the stream decoder needs. */
export function printCompoundCodec(model: Compound, printer: Printer, runtime: string): void {
  const code: CompoundPrinter = { model, printer, runtime };
  printer.import("faults", "./errors.js");
  printer.import("fields", "./errors.js");
  for (const type of [model.root, ...model.types]) printer.import(type.typeName, "./types.js", { type: true });
  printNames(code);
  printEncode(code);
  printWrite(code);
  printDecode(code);
}

/** Names by number, for enums that are members. */
function printNames({ model, printer }: CompoundPrinter): void {
  const members = [model.root, ...model.types].flatMap(({ fields }) =>
    fields.flatMap((field) =>
      field.kind === "number" && field.use === "member" && field.enum !== undefined ? [field.enum] : [],
    ),
  );
  for (const type of new Set(members)) {
    printer.import(valuesOf(type), "./types.js");
    const names = Object.fromEntries(type.values.map(({ value, original }) => [value, original]));
    printer.print(`const ${namesOf(type.name)}: Readonly<Record<number, string>> = ${literal(names)};`, "");
  }
}

/** The incremental decoder for streams; nothing where the message says nothing of its length. */
export function printCompoundDecoder(model: Compound, printer: Printer, runtime: string): void {
  const from = `${runtime}stream-decoder.js`;
  const inParts = hasParts(model);
  for (const name of ["StreamDecoder", "StreamOptions"]) printer.import(name, from, { type: true });
  printer.import("createStreamDecoder", from);
  for (const name of ["check", "fault", "needed", "read", ...(inParts ? ["parts"] : [])])
    printer.import(name, "./codec.js");
  for (const name of ["faults", "fields"]) printer.import(name, "./errors.js");
  const error = printer.import(`${model.prefix}Error`, "./errors.js", { type: true });
  const message = printer.import(model.root.typeName, "./types.js", { type: true });
  if (inParts) {
    printer.block(`export interface DecoderOptions extends StreamOptions<${error}>`, () => {
      printer.jsDoc(
        "Messages that end in octets are handed over in the parts in which they arrive, each a view of its chunk: nothing is copied.",
      );
      printer.print("readonly parts?: boolean;");
    });
  } else printer.print(`export type DecoderOptions = StreamOptions<${error}>;`);
  printer.print("");
  printer.jsDoc("Cuts a stream into messages, whatever its chunks, holding at most one incomplete message.");
  printer.block(`export function createDecoder(options: DecoderOptions = {}): StreamDecoder<${message}>`, () => {
    printer.block(
      `return createStreamDecoder<${message}, ${error}>({`,
      () => {
        printer.print("needed,", "check,", "read,", "fault,");
        printer.print(
          `tooLong: (length, limit) => faults.space(fields.root.${model.choice?.size.field.name}, length, limit, 0),`,
        );
        if (inParts) printer.print("parts: options.parts === true ? parts : undefined,");
      },
      "}, options);",
    );
  });
}

export function hasParts(model: Compound): boolean {
  return model.types.some(({ fields }) =>
    fields.some((field) => field.kind === "octets" && field.partsAt !== undefined),
  );
}

/** The folder's index. */
export function printCompoundIndex(model: Compound, printer: Printer, runtime: string, hasProfile: boolean): void {
  printer.export(["isMp2pError", "Mp2pError"], `${runtime}errors.js`);
  const inParts = model.types.some(({ fields }) =>
    fields.some((field) => field.kind === "octets" && field.size === "rest"),
  );
  printer.export(
    ["decode", "encode", ...(inParts ? ["encodeParts"] : []), "encodedLength", "encodeInto"],
    "./codec.js",
  );
  printer.export(["DecodeOptions"], "./codec.js", { type: true });
  if (model.choice !== undefined) {
    printer.export(["StreamDecoder"], `${runtime}stream-decoder.js`, { type: true });
    printer.export(["createDecoder"], "./decoder.js");
    printer.export(["DecoderOptions"], "./decoder.js", { type: true });
  }
  printer.export([`${model.prefix}Error`], "./errors.js");
  if (hasProfile) printer.export("*", "./profile.js");
  printer.export("*", "./types.js");
}
