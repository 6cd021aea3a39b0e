/** What a compiled pattern can do: RE2's programs, and the backtracking ones of patterns that RE2 has no form for. */
export interface RegexProgram {
  test(text: string): boolean;
  matcher(text: string): RegexMatcher;
}

export interface RegexMatcher {
  /** The leftmost match from an offset on; without one, behind the previous match. */
  find(from?: number): boolean;
  /** Offsets and text of the whole match or of a group; -1 and null where the group took no part. */
  start(group?: number): number;
  end(group?: number): number;
  group(group?: number): string | null;
}
