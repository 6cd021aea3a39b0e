# ActiveRecord over ruby-pg: migrations, the schema dumper, associations, JSON, arrays, ranges, enums, upserts, locks.
require 'active_record'
require 'stringio'

ActiveRecord::Base.logger = nil
ActiveRecord::Migration.verbose = false
ActiveRecord.default_timezone = :utc if ActiveRecord.respond_to?(:default_timezone=)
ActiveRecord::Base.establish_connection(adapter: 'postgresql', database: ENV['PGDATABASE'], host: ENV['PGHOST'], port: ENV['PGPORT'], username: ENV['PGUSER'], password: ENV['PGPASSWORD'])
connection = ActiveRecord::Base.connection

class Create < ActiveRecord::Migration[6.1]
  def change
    enable_extension 'hstore'
    reversible { |d| d.up { execute "CREATE TYPE mood AS ENUM ('sad', 'ok')" }; d.down { execute 'DROP TYPE mood' } }
    create_table :people, comment: 'who' do |t|
      t.string :name, limit: 40, null: false, default: 'x', index: { unique: true }
      t.column :mood, :mood, default: 'ok'
      t.jsonb :data, default: {}
      t.text :tags, array: true, default: []
      t.int4range :ages
      t.tstzrange :during
      t.hstore :extra
      t.decimal :amount, precision: 10, scale: 2
      t.datetime :at, precision: 3
      t.interval :lasts
      t.uuid :key, default: 'gen_random_uuid()'
      t.inet :ip
      t.binary :raw
      t.bit :bits, limit: 4
      t.integer :lock_version, default: 0
      t.timestamps default: -> { 'now()' }
    end
    create_table :posts, id: :uuid do |t|
      t.references :person, foreign_key: { on_delete: :cascade, name: 'of_person' }, null: false
      t.string :title, comment: 'called'
      t.index 'lower((title)::text) DESC', where: "title <> ''", name: 'by_title'
    end
    add_check_constraint :people, 'amount > 0', name: 'amount_positive'
  end
end

class Change < ActiveRecord::Migration[6.1]
  disable_ddl_transaction!
  def up
    add_column :posts, :words, :integer, default: 0, null: false
    change_column :people, :name, :text
    change_column_default :people, :name, from: 'x', to: nil
    rename_column :posts, :title, :headline
    add_index :posts, :words, algorithm: :concurrently
    remove_foreign_key :posts, name: 'of_person'
    add_foreign_key :posts, :people, column: :person_id, validate: false, name: 'again'
    validate_foreign_key :posts, name: 'again'
    change_column_null :posts, :headline, false, 'none'
  end
end

Create.migrate(:up)
dump = ->(io = StringIO.new) { ActiveRecord::SchemaDumper.dump(connection, io); puts io.string.sub(/version: \d+/, '') }
dump.call
Change.migrate(:up)
dump.call

class Person < ActiveRecord::Base
  has_many :posts, dependent: :delete_all
  scope :happy, -> { where(mood: 'ok') }
  validates :name, presence: true
end

class Post < ActiveRecord::Base
  belongs_to :person, counter_cache: false
end

ann = Person.create!(name: 'Ann', data: { 'a' => [1, nil] }, tags: ['x', 'y,"z'], ages: 1..5, extra: { 'k' => 'v' }, amount: '12.5', at: Time.utc(2024, 1, 2, 3, 4, 5.678), lasts: 3.hours, ip: '10.0.0.1/8', raw: "\x00\xFF".b, bits: '1010', during: Time.utc(2024)...Time.utc(2025))
bob = Person.create!(name: 'Bob', mood: 'sad')
ann.reload
p ann.attributes.except('key', 'created_at', 'updated_at').transform_values { |v| v.is_a?(Time) ? v.iso8601(3) : v.inspect }
ann.posts.create!([{ headline: 'One', words: 10 }, { headline: 'two', words: 5 }])
bob.posts.create!(headline: 'three', words: 7)
p Person.joins(:posts).group(:name).order(:name).sum('posts.words'), Person.includes(:posts).order(:id).map { |q| [q.name, q.posts.map(&:headline).sort] }
p Person.left_joins(:posts).where(posts: { words: 6.. }).distinct.order(:name).pluck(:name), Person.happy.count, Post.average(:words).to_s, Post.maximum(:words), Post.order(:words).pick(:headline)
p Person.where("data @> ?", { a: [1] }.to_json).pluck(:name), Person.where("'x' = ANY(tags)").exists?, Person.where('ages @> ?', 3).count, Person.find_by(ip: '10.0.0.1/8')&.name
p Person.upsert_all([{ name: 'Ann', mood: 'sad' }, { name: 'Cid', mood: 'ok' }], unique_by: :name, returning: %w[name mood]).rows.sort, Person.insert_all([{ name: 'Ann' }], unique_by: :name).rows
begin
  Person.create!(name: 'Ann')
rescue ActiveRecord::RecordNotUnique => e
  p e.message.lines.first
end
[-> { Post.create!(person_id: 99, headline: 'x') }, -> { bob.update!(amount: -1) }, -> { Person.find(99) }, -> { Post.connection.execute('SELECT nope') }].each do |f|
  Person.transaction(requires_new: true) { f.call }
rescue StandardError => e
  p e.class, e.message.lines.first
end
copy = Person.find(bob.id)
copy.update!(tags: ['new'])
begin
  Person.find(bob.id).tap { |q| q.lock_version = 0 }.update!(tags: ['late'])
rescue ActiveRecord::StaleObjectError => e
  p e.class
end
Person.transaction do
  Person.lock('FOR UPDATE SKIP LOCKED').order(:id).first.with_lock { |*| }
  Person.transaction(requires_new: true) do
    Post.delete_all
    raise ActiveRecord::Rollback
  end
  p Post.count
end
Person.transaction(isolation: :serializable) { p connection.select_value('SHOW transaction_isolation') }
p Person.find_each(batch_size: 2).map(&:name).sort, Person.in_batches(of: 2).update_all(lock_version: 9)
p connection.tables.sort, connection.views, connection.indexes(:posts).map { |i| [i.name, i.columns, i.unique, i.where] }, connection.foreign_keys(:posts).map { |f| [f.name, f.column, f.to_table, f.on_delete] }, connection.primary_key(:posts), connection.extensions
p connection.columns(:people).map { |c| [c.name, c.sql_type, c.type, c.default, c.null, c.comment] }
p connection.data_source_exists?('people'), connection.schema_names.reject { |n| %w[kalamdb system].include?(n) }, connection.current_schema, connection.encoding, connection.collation, connection.check_constraints(:people).map { |c| [c.name, c.expression] }
p connection.exec_query('SELECT $1::int + 1 AS n', 'SQL', [ActiveRecord::Relation::QueryAttribute.new('n', 41, ActiveRecord::Type::Integer.new)]).to_a, Person.where(id: 1).explain.include?('QUERY PLAN')

raw = connection.raw_connection
raw.exec('LISTEN news')
raw.exec("NOTIFY news, 'hello'")
raw.wait_for_notify(5) { |channel, _pid, payload| p [channel, payload] }
raw.copy_data('COPY posts (id, person_id, headline) FROM STDIN') { 3.times { |i| raw.put_copy_data("00000000-0000-0000-0000-00000000000#{i}\t#{ann.id}\tcopied #{i}\n") } }
lines = []
raw.copy_data("COPY (SELECT headline FROM posts WHERE headline LIKE 'copied%' ORDER BY 1) TO STDOUT", PG::TextDecoder::CopyRow.new) { while (row = raw.get_copy_data); lines << row; end }
p lines
raw.send_query('SELECT generate_series(1, 3)')
raw.set_single_row_mode
p raw.get_result.stream_each.map { |r| r.values.first }
p raw.exec_params('SELECT $1::int[] AS a, $2::bytea AS b', ['{1,2}', { value: "\x00a", format: 1 }], 1).then { |r| [r.fformat(0), r.getvalue(0, 1)] }
Create.migrate(:down) rescue p $!.message.lines.first
