import type { LiveRows } from 'kalamdb/live';
import { useEffect, useState } from 'react';

export interface Live<Row> {
  /** Undefined until they have come. */
  readonly rows: readonly Row[] | undefined;
  readonly error: Error | undefined;
}

const NOTHING = { rows: undefined, error: undefined };

/** A live query for as long as the component is there. @param make another function: another query */
export function useLive<Row>(make: () => LiveRows<Row>): Live<Row> {
  const [live, setLive] = useState<Live<Row>>(NOTHING);
  useEffect(() => {
    setLive(NOTHING);
    const stop = make().subscribe(
      (rows) => setLive({ rows, error: undefined }),
      (error) => setLive({ rows: undefined, error }),
    );
    return () => void stop();
  }, [make]);
  return live;
}
