export interface Form {
  readonly name: string;
  readonly query: string;
}

export const FORMS: readonly Form[] = [
  { name: 'a table', query: 'SELECT * FROM messages' },
  { name: 'a filter', query: "SELECT id, upper(body) AS body FROM messages WHERE room = 1 AND body <> ''" },
  { name: 'count and sum by group', query: 'SELECT room, count(*) AS n, sum(id) AS total FROM messages GROUP BY room' },
  { name: 'the last 20', query: 'SELECT id, body FROM messages ORDER BY id DESC LIMIT 20' },
  { name: 'a join', query: 'SELECT r.name, m.id, m.body FROM rooms r JOIN messages m ON m.room = r.id' },
  {
    name: 'unread counts',
    query:
      'SELECT r.id, r.name, count(m.id) AS unread FROM rooms r LEFT JOIN messages m ON m.room = r.id AND m.id > r.seen GROUP BY r.id, r.name',
  },
];
