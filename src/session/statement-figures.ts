/** Who counts the statements that have completed. Errors are not counted. */
export interface StatementFigures {
  /**
   * @param tag of CommandComplete: its first word is the statement's kind
   * @param ms how long it took, from the message that asks for it
   */
  completed(tag: string, ms: number): void;
}
