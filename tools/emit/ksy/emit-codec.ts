import type { Printer } from "../../print/printer.js";
import type { EmitContext, GeneratedFile, KsyEmitter } from "../emitter.js";
import { printCompoundCodec } from "./compound/emit.js";
import { runtimePath } from "./emit-errors.js";
import { folderOf, generatedFile } from "./generated-file.js";
import type { KsyModel } from "./ksy-model.js";
import { printDecode } from "./print-decode.js";
import { printEncode } from "./print-encode.js";
import { printFraming } from "./print-framing.js";
import { localName } from "./typescript-names.js";

/** encode, decode, and the framing that the stream decoder needs. */
export const codecEmitter: KsyEmitter = {
  name: "ksy-codec",
  emit: (spec, context: EmitContext): GeneratedFile[] =>
    generatedFile(
      spec,
      context,
      "codec.ts",
      (model, printer) => {
        const code: CodecPrinter = codecPrinter(model, printer, runtimePath(folderOf(spec)));
        printOptions(code);
        printEncode(code);
        printDecode(code);
        printFraming(code);
      },
      (model, printer) => printCompoundCodec(model, printer, runtimePath(folderOf(spec))),
    ),
};

/** A printer with what all parts of the codec share. */
export interface CodecPrinter {
  readonly model: KsyModel;
  readonly printer: Printer;
  /** `../runtime/` */
  readonly runtime: string;
  readonly message: string;
  /** `, layout` and `, layout: Layout`: the parameters of the type, handed from function to function. */
  readonly passParams: string;
  readonly takeParams: string;
  /** `, options?: EncodeOptions`, or nothing where the type has no parameters. */
  readonly takeEncodeOptions: string;
}

function codecPrinter(model: KsyModel, printer: Printer, runtime: string): CodecPrinter {
  printer.import("faults", "./errors.js");
  printer.import("fields", "./errors.js");
  printer.import(`${model.prefix}Message`, "./types.js", { type: true });
  for (const param of model.params) printer.import(param.enum.name, "./types.js", { type: true });
  return {
    model,
    printer,
    runtime,
    message: `${model.prefix}Message`,
    passParams: model.params.map((param) => `, ${localName(param)}`).join(""),
    takeParams: model.params.map((param) => `, ${localName(param)}: ${param.enum.name}`).join(""),
    takeEncodeOptions: model.params.length === 0 ? "" : ", options?: EncodeOptions",
  };
}

function printOptions({ model, printer }: CodecPrinter): void {
  const params = (): void => {
    for (const param of model.params) {
      printer.jsDoc({
        text: `${param.doc} Default: ${param.default.original}.`,
        clause: `${model.document} ${param.clause}`,
      });
      printer.print(`readonly ${param.name}?: ${param.enum.name};`);
    }
  };
  if (model.params.length > 0) {
    printer.block("export interface EncodeOptions", params);
    printer.print("");
  }
  printer.block("export interface DecodeOptions", () => {
    params();
    printer.jsDoc(
      "What to do with octets behind the message: refuse them, which is the default, or leave them out of account. `encodedLength` of the message tells how many were used.",
    );
    printer.print(`readonly trailing?: "refuse" | "ignore";`);
  });
  printer.print("");
}

/** Reads the options of one call into variables, without an allocation. */
export function printParams({ model, printer }: CodecPrinter): void {
  for (const param of model.params) {
    printer.print(`const ${localName(param)} = options?.${param.name} ?? ${printer.string(param.default.original)};`);
  }
}
