import type { EmitContext, GeneratedFile, KsyEmitter } from "../emitter.js";
import { printCompoundDecoder, printCompoundIndex } from "./compound/emit.js";
import { isCompound } from "./compound/load.js";
import { runtimePath } from "./emit-errors.js";
import { compoundOf, folderOf, generatedFile } from "./generated-file.js";
import { lastFieldOf } from "./typescript-names.js";

/** The incremental decoder for streams, and the folder's index. */
export const decoderEmitter: KsyEmitter = {
  name: "ksy-decoder",
  emit: (spec, context: EmitContext): GeneratedFile[] => {
    // What says nothing of its length is no message of a stream.
    if (isCompound(spec) && compoundOf(spec, context)?.choice === undefined) return [];
    return generatedFile(
      spec,
      context,
      "decoder.ts",
      (model, printer) => {
        const from = `${runtimePath(folderOf(spec))}stream-decoder.js`;
        printer.import("createStreamDecoder", from);
        printer.import("StreamDecoder", from, { type: true });
        printer.import("StreamOptions", from, { type: true });
        for (const name of ["check", "fault", "needed", "read"]) printer.import(name, "./codec.js");
        for (const name of ["faults", "fields"]) printer.import(name, "./errors.js");
        printer.import(`${model.prefix}Error`, "./errors.js", { type: true });
        printer.import(`${model.prefix}Message`, "./types.js", { type: true });
        for (const param of model.params) printer.import(param.enum.name, "./types.js", { type: true });

        const params = model.params.map(({ name }) => `, ${name}`).join("");
        printer.block(`export interface DecoderOptions extends StreamOptions<${model.prefix}Error>`, () => {
          for (const param of model.params) {
            printer.jsDoc({
              text: `${param.doc} Default: ${param.default.original}.`,
              clause: `${model.document} ${param.clause}`,
            });
            printer.print(`readonly ${param.name}?: ${param.enum.name};`);
          }
        });
        printer.print("");
        printer.jsDoc("Cuts a stream into messages, whatever its chunks, holding at most one incomplete message.");
        const result = `StreamDecoder<${model.prefix}Message>`;
        printer.block(`export function createDecoder(options: DecoderOptions = {}): ${result}`, () => {
          for (const param of model.params) {
            printer.print(`const ${param.name} = options.${param.name} ?? ${printer.string(param.default.original)};`);
          }
          printer.block(
            `return createStreamDecoder<${model.prefix}Message, ${model.prefix}Error>({`,
            () => {
              printer.print(
                `needed: (bytes, start, end) => needed(bytes, start, end${params}),`,
                `check: (bytes, start, end) => check(bytes, start, end${params}),`,
                `read: (bytes, start, end) => read(bytes, start, end${params}, true),`,
                `tooLong: (length, limit) => faults.space(fields.${lastFieldOf(model)}, length, limit, 0),`,
                `fault: (bytes, start, end) => fault(bytes, start, end${params}),`,
              );
            },
            "}, options);",
          );
        });
      },
      (model, printer) => printCompoundDecoder(model, printer, runtimePath(folderOf(spec))),
    );
  },
};

export const indexEmitter: KsyEmitter = {
  name: "ksy-index",
  emit: (spec, context: EmitContext): GeneratedFile[] =>
    generatedFile(
      spec,
      context,
      "index.ts",
      (model, printer) => {
        const runtime = runtimePath(folderOf(spec));
        printer.export(["isMp2pError", "Mp2pError"], `${runtime}errors.js`);
        printer.export(["StreamDecoder"], `${runtime}stream-decoder.js`, { type: true });
        const options = model.params.length === 0 ? ["DecodeOptions"] : ["DecodeOptions", "EncodeOptions"];
        printer.export(["decode", "encode", "encodedLength", "encodeInto", "peekHeader"], "./codec.js");
        printer.export(options, "./codec.js", { type: true });
        printer.export(["createDecoder"], "./decoder.js");
        printer.export(["DecoderOptions"], "./decoder.js", { type: true });
        printer.export([`${model.prefix}Error`], "./errors.js");
        if (spec.data.has("profile")) printer.export("*", "./profile.js");
        printer.export("*", "./types.js");
      },
      (model, printer) => printCompoundIndex(model, printer, runtimePath(folderOf(spec)), spec.data.has("profile")),
    ),
};
