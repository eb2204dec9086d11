import type pg from 'pg';

/**
 * The schema of a migrated database as text, from the catalogues: columns, constraints, indexes, triggers,
   functions with
 * their rights, views. One line per thing, sorted, so that a difference reads as one.
 */
export async function describeSchema(owner: pg.Pool): Promise<string> {
  const { rows } = await owner.query<{ line: string }>(`
    WITH relation AS (
      SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind, c.reloptions FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('ledger', 'app') AND c.relkind IN ('r', 'v',
        'c')
    )
    SELECT format('%s %s column %s %s%s%s%s', CASE r.relkind WHEN 'v' THEN 'view' WHEN 'c' THEN 'type'
      ELSE 'table' END, r.name,
      a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' NOT NULL' END,
      ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), CASE WHEN a.attidentity <> '' THEN ' IDENTITY' END) AS line
    FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
    UNION ALL
    SELECT format('table %s constraint %s %s', r.name, conname, pg_get_constraintdef(c.oid))
    FROM relation r JOIN pg_constraint c ON c.conrelid = r.oid WHERE c.contype <> 'n'
    UNION ALL
    SELECT format('table %s index %s', r.name, pg_get_indexdef(i.indexrelid))
    FROM relation r JOIN pg_index i ON i.indrelid = r.oid
    UNION ALL
    SELECT format('table %s trigger %s', r.name, pg_get_triggerdef(t.oid))
    FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal
    UNION ALL
    SELECT format('%s may %s %s', g.grantee, g.privilege_type, g.table_schema || '.' || g.table_name)
    FROM information_schema.role_table_grants g
    WHERE g.table_schema IN ('ledger', 'app') AND g.grantee IN ('holdfast_app', 'PUBLIC')
    UNION ALL
    SELECT format('function %s %s%s%s', p.oid::regprocedure, pg_get_function_result(p.oid),
      CASE WHEN p.prosecdef THEN ' SECURITY DEFINER' END,
      CASE WHEN has_function_privilege('holdfast_app', p.oid, 'EXECUTE') THEN ' for holdfast_app' END)
    FROM pg_proc p WHERE p.pronamespace IN ('ledger'::regnamespace, 'app'::regnamespace)`);
  return `${rows
    .map((row) => row.line)
    .toSorted()
    .join('\n')}\n`;
}
