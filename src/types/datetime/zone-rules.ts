/** Seconds in which an offset holds: from `start` up to but not including `end`. Seconds count from 2000-01-01 UTC. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  /** Seconds EAST of Greenwich. */
  readonly offset: number;
  readonly isSummer: boolean;
  readonly abbreviation: string;
}

/** Where a zone's segments come from. */
export interface ZoneRules {
  /** The segment around an instant; it may be cut short, but then not within a day of the instant. */
  segmentAt(seconds: number): Segment;
}

/** '+03', '-0330': what a zone without letters shows. */
export function offsetAbbreviation(offset: number): string {
  const size = Math.abs(offset);
  const pad = (n: number): string => `${n}`.padStart(2, '0');
  const minutes = Math.floor((size % 3600) / 60);
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(size / 3600))}${minutes === 0 ? '' : pad(minutes)}`;
}
