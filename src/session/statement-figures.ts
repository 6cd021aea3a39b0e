/** Who counts the statements that have completed. Errors are not counted. */
export interface StatementFigures {
  /**
   * @param tag of CommandComplete: its first word is the statement's kind
   * @param startedMs on the monotonic clock
   */
  completed(tag: string, startedMs: number): void;
}
