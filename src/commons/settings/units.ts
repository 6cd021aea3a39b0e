/** Units of settings: factors to the smallest one of a kind. */
const MEMORY: Readonly<Record<string, number>> = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 };
const TIME: Readonly<Record<string, number>> = { us: 1, ms: 1000, s: 1_000_000, min: 60_000_000, h: 3_600_000_000, d: 86_400_000_000 };

const MEMORY_HINT = 'Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".';
const TIME_HINT = 'Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".';

export function unitHint(unit: string): string {
  return isTime(unit) ? TIME_HINT : MEMORY_HINT;
}

function isTime(unit: string): boolean {
  return TIME[unit] !== undefined;
}

/** Base units like `8kB` have a factor of their own. */
function factorOf(unit: string): number {
  const match = /^(\d*)(\w+)$/.exec(unit);
  const word = match?.[2] ?? unit;
  const factor = TIME[word] ?? MEMORY[word] ?? 1;
  return factor * Number(match?.[1] || 1);
}

/** How many base units a typed unit is; undefined for one that the setting does not know. */
export function conversion(typed: string, base: string): number | undefined {
  const table = isTime(base) ? TIME : MEMORY;
  const factor = table[typed];
  return factor === undefined ? undefined : factor / factorOf(base);
}

/** The next smaller unit: `1.5h` for a setting in hours and the like are rounded in it, as PostgreSQL does. */
export function formatWithUnit(value: number, base: string): string {
  if (value === 0) return '0';
  if (value < 0) return `${value}`;
  const table = isTime(base) ? TIME : MEMORY;
  const inSmallest = value * factorOf(base);
  let chosen = isTime(base) ? 'us' : 'B';
  for (const [unit, factor] of Object.entries(table)) if (inSmallest % factor === 0) chosen = unit;
  return `${inSmallest / (table[chosen] ?? 1)}${chosen}`;
}
