export {
  createOctetFragmenter,
  createRecordFragmenter,
  type Fragmenter,
  type FragmenterOptions,
  leastRecordFragment,
  type NewRecord,
} from "./fragmenter.js";
export { createRecordReader, type ReadRecord, type RecordReader, type RecordReaderOptions } from "./reader.js";
export { type DataRecord, kindOf, longestId, type PayloadKind } from "./record.js";
export { describeRecord, recordLine } from "./shown.js";
