/** The Emscripten factory inside libpg-query, which its own typings leave out: each call makes an instance of its own. */
declare module 'libpg-query/wasm/libpg-query.js' {
  export interface PgQueryInstance {
    lengthBytesUTF8(text: string): number;
    stringToUTF8(text: string, pointer: number, maxBytes: number): void;
    UTF8ToString(pointer: number): string;
    getValue(pointer: number, type: 'i32'): number;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _wasm_parse_query_raw(text: number): number;
    _wasm_free_parse_result(result: number): void;
  }
  export interface PgQuerySettings {
    print?: (line: string) => void;
    printErr?: (line: string) => void;
  }
  const PgQueryModule: (settings?: PgQuerySettings) => Promise<PgQueryInstance>;
  export default PgQueryModule;
}
