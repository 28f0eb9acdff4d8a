#!/bin/sh
# Backs reviewhub up and restores it: the database, the files, and a manifest that both are held
# against. `manage.py backup` and `manage.py restore` run this, and so does docker compose.
#
#   backup.sh make             a new folder in $BACKUPS; says its name
#   backup.sh check NAME       is that backup whole, and as it was made?
#   backup.sh restore NAME     into an empty database; OVERWRITE=1 replaces what is there
#
# Where: PGHOST, PGUSER (the owner of the tables), PGPASSWORD, PGDATABASE; the folders FILES, BACKUPS
# and, for a restore, COPIES, which is emptied. With BACKUP_KEY everything is encrypted (AES-256) by openssl. Needs psql, pg_dump and pg_restore, no older than the
# server, besides tar and sha256sum.
#
# Files are named after the sum of their bytes and never change, and a file is there before the row
# that names it: so files that are copied after the database's snapshot are all that it needs.

set -eu
umask 077
# rows as text must read the same on every server
PGOPTIONS="-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=1"
PGOPTIONS="$PGOPTIONS -c bytea_output=hex -c lock_timeout=60s -c client_min_messages=warning"
export LC_ALL=C PGOPTIONS
KEY=${BACKUP_KEY:-}
export KEY
# Files on storage that speaks S3 have backups of their own.
ELSEWHERE=${FILES_STORAGE_URL:-}
ELSEWHERE=${ELSEWHERE%%\?*}

# Sessions end with a restore, and counts of requests with the minute: neither is kept.
LEFT_OUT="django_session accounts_requestcount"

refuse() {
    echo "$1" >&2
    exit 1
}

sql() {
    psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 "$@"
}

# --- What a database holds --------------------------------------------------------------------

# Every table with its number of rows and the sum of their check sums, who may what, and which
# migrations have been applied.
contents() {
    cat <<END
SELECT format('SELECT ''table %1\$s '' || count(*) || '' '' ||'
    ' coalesce(sum((''x'' || left(md5(t::text), 15))::bit(60)::bigint), 0) FROM %1\$I t', tablename)
FROM pg_tables WHERE schemaname = 'public'
    AND tablename <> ALL (string_to_array('$LEFT_OUT', ' ')) ORDER BY tablename \gexec
SELECT format('right %s %s %s', c.relname, a.privilege_type, a.grantee::regrole)
FROM pg_class c, aclexplode(c.relacl) a
WHERE c.relnamespace = 'public'::regnamespace AND a.grantee NOT IN (0, c.relowner) ORDER BY 1;
SELECT DISTINCT format('role %s', a.grantee::regrole)
FROM pg_class c, aclexplode(c.relacl) a
WHERE c.relnamespace = 'public'::regnamespace AND a.grantee NOT IN (0, c.relowner) ORDER BY 1;
SELECT format('migration %s %s', app, name) FROM django_migrations ORDER BY 1;
END
}

# --- Sums and keys ----------------------------------------------------------------------------

sum_of() {
    sha256sum "$1" | cut -d ' ' -f 1
}

# Who has no key cannot make a manifest that holds.
seal_of() {
    { printf '%s' "$KEY"; cat "$1"; printf '%s' "$KEY"; } | sha256sum | cut -d ' ' -f 1
}

# Tells one key from another, and nothing else of it.
key_name() {
    if [ -n "$KEY" ]; then
        printf 'reviewhub %s' "$KEY" | sha256sum | cut -c 1-12
    else
        echo none
    fi
}

cipher() {
    openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -md sha256 -pass env:KEY "$@"
}

# --- make -------------------------------------------------------------------------------------

make() {
    [ -z "$KEY" ] || [ ${#KEY} -ge 32 ] ||
        refuse "BACKUP_KEY is too short: take 32 or more random characters (openssl rand -base64 48)."
    mkdir -p "$BACKUPS" "$FILES"
    name=reviewhub-$(date -u +%Y%m%dT%H%M%SZ)
    [ ! -e "$BACKUPS/$name" ] || refuse "There is a backup $name already: wait a second."
    PART=$BACKUPS/.$name.part
    mkdir "$PART"
    trap 'rm -rf "$PART"' EXIT
    trap 'exit 1' HUP INT TERM
    WITHOUT=
    for table in $LEFT_OUT; do WITHOUT="$WITHOUT --exclude-table-data=$table"; done
    export PART WITHOUT

    # psql holds the snapshot while pg_dump copies it: what is counted is what is dumped.
    {
        cat <<'END'
BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SELECT pg_export_snapshot() AS "SNAPSHOT" \gset
\setenv SNAPSHOT :SNAPSHOT
\! pg_dump --format=custom --no-owner --snapshot="$SNAPSHOT" $WITHOUT --file="$PART/database.dump" && : > "$PART/dumped"
\o |cat > "$PART/contents"
END
        contents
        cat <<'END'
\o |cat > "$PART/named"
SELECT format('SELECT DISTINCT file FROM %I WHERE file <> ''''', a.table_name)
FROM information_schema.columns a
JOIN information_schema.columns b USING (table_schema, table_name)
WHERE table_schema = 'public' AND (a.column_name, b.column_name) = ('file', 'sha256') \gexec
\o
SHOW server_version;
COMMIT;
END
    } | sql > "$PART/server"
    [ -e "$PART/dumped" ] || refuse "pg_dump did not finish: there is no backup."

    missing=
    if [ -n "$ELSEWHERE" ]; then
        : > "$PART/list"
    else
        (cd "$FILES" && find . -type f ! -name 'arriving-*') | sort > "$PART/list"
        missing=$(while read -r path; do
            [ -f "$FILES/$path" ] || echo "missing $path"
        done < "$PART/named" | sort -u)
    fi
    tar -C "$FILES" -cf "$PART/files.tar" -T "$PART/list"

    ending=
    if [ -n "$KEY" ]; then
        ending=.encrypted
        for one in database.dump files.tar; do
            cipher -e -salt -in "$PART/$one" -out "$PART/$one$ending"
            rm "$PART/$one"
        done
    fi
    {
        echo "reviewhub-backup 1"
        echo "made $(date -u +%Y-%m-%dT%H:%M:%SZ)"
        echo "software ${SOFTWARE:-unknown}"
        echo "server $(cat "$PART/server")"
        echo "key $(key_name)"
        echo "files $(wc -l < "$PART/list" | tr -d ' ')"
        [ -z "$ELSEWHERE" ] || echo "elsewhere $ELSEWHERE"
        for one in database.dump files.tar; do
            echo "sum $(sum_of "$PART/$one$ending") $one$ending"
        done
        cat "$PART/contents"
        [ -z "$missing" ] || echo "$missing"
        echo "end"
    } > "$PART/manifest"
    seal_of "$PART/manifest" > "$PART/seal"
    rm "$PART/dumped" "$PART/contents" "$PART/named" "$PART/server" "$PART/list"
    sync
    mv "$PART" "$BACKUPS/$name"
    sync
    [ -z "$missing" ] || echo "Rows name files that are not there:
$missing" >&2
    echo "$name: $(told "$BACKUPS/$name/manifest")"
    [ -z "$ELSEWHERE" ] || echo "The files are NOT in it: they are in $ELSEWHERE. Keep its versions, and a copy in another place."
}

# How much a manifest speaks of.
told() {
    awk '$1 == "table" { tables++; rows += $3 } $1 == "files" { files = $2 }
        END { printf "%d tables, %d rows, %d files", tables, rows, files }' "$1"
}

# --- check ------------------------------------------------------------------------------------

# Refuses anything that is not exactly what `make` wrote; leaves SQL and files' archive in $WORK.
check() {
    FROM=$BACKUPS/$1
    MANIFEST=$FROM/manifest
    [ -f "$MANIFEST" ] && [ -f "$FROM/seal" ] || refuse "$FROM is no backup: it has no manifest."
    [ "$(head -n 1 "$MANIFEST")" = "reviewhub-backup 1" ] && [ "$(tail -n 1 "$MANIFEST")" = end ] ||
        refuse "The manifest of $1 is not whole. Nothing was touched."
    made_with=$(awk '$1 == "key" { print $2; exit }' "$MANIFEST")
    [ "$made_with" = "$(key_name)" ] ||
        refuse "$1 was made with the key $made_with, and BACKUP_KEY is $(key_name). Nothing was touched."
    [ "$(seal_of "$MANIFEST")" = "$(cat "$FROM/seal")" ] ||
        refuse "The manifest of $1 was changed. Nothing was touched."
    awk '$1 == "sum" { print $2, $3 }' "$MANIFEST" | while read -r sum one; do
        [ -f "$FROM/$one" ] && [ "$(sum_of "$FROM/$one")" = "$sum" ] ||
            refuse "$one of $1 is missing or damaged. Nothing was touched."
    done

    WORK=$(mktemp -d "${TMPDIR:-/tmp}/reviewhub-restore.XXXXXX")
    trap 'rm -rf "$WORK"' EXIT
    trap 'exit 1' HUP INT TERM
    if [ "$made_with" = none ]; then
        DUMP=$FROM/database.dump ARCHIVE=$FROM/files.tar
    else
        DUMP=$WORK/database.dump ARCHIVE=$WORK/files.tar
        cipher -d -in "$FROM/database.dump.encrypted" -out "$DUMP"
        cipher -d -in "$FROM/files.tar.encrypted" -out "$ARCHIVE"
    fi
    pg_restore --no-owner --exit-on-error --file="$WORK/database.sql" "$DUMP"
    tar -tf "$ARCHIVE" > "$WORK/list"
}

# --- restore ----------------------------------------------------------------------------------

# Roles belong to the server, not to the database: those that have rights here are made if they are
# missing, and whoever acts as the public (public/fence.py) is a member of that role.
role() {
    cat <<SQL
DO \$\$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$1') THEN
        CREATE ROLE $1 NOLOGIN NOINHERIT;
    END IF;
    IF '$1' = 'reviewhub_public' AND NOT pg_has_role(current_user, '$1', CASE
        WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER'
    END) THEN
        EXECUTE format('GRANT $1 TO %I', current_user);
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'The database user "%" may not make the role $1 or grant it.', current_user
    USING HINT = format('Let the administrator of the server run once: CREATE ROLE $1 NOLOGIN'
        ' NOINHERIT (unless it is there); GRANT $1 TO %I;', current_user);
END
\$\$;
SQL
}

restore() {
    check "$1"
    there=$(sql -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    if [ "$there" -gt 0 ] && [ "${OVERWRITE:-}" != 1 ]; then
        refuse "The database $PGDATABASE has $there tables. Say OVERWRITE=1 to lose what is in them. Nothing was touched."
    fi

    # Files first, as always: no row may name a file that is not there.
    mkdir -p "$FILES"
    tar -C "$FILES" -xf "$ARCHIVE"
    [ -z "${FILES_OWNER:-}" ] || chown -R "$FILES_OWNER" "$FILES"

    # All in one transaction: if anything fails, the database is what it was.
    {
        awk '$1 == "role" { print $2 }' "$MANIFEST" | while read -r role; do role "$role"; done
        if [ "$there" -gt 0 ]; then
            cat <<'END'
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
COMMENT ON SCHEMA public IS 'standard public schema';
ALTER SCHEMA public OWNER TO pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
END
        fi
        cat "$WORK/database.sql"
    } > "$WORK/restore.sql"
    sql --single-transaction --file="$WORK/restore.sql" > /dev/null
    sql -c ANALYZE
    compare
    # Pages kept for when the database is away show what was public before (docs/adr/0012).
    [ ! -d "${COPIES:-}" ] || find "$COPIES" -mindepth 1 -delete
    echo "$1 is restored: $(told "$MANIFEST"), all as they were."
    were=$(awk '$1 == "elsewhere" { print $2; exit }' "$MANIFEST")
    made=$(awk '$1 == "made" { print $2; exit }' "$MANIFEST")
    if [ -n "$were" ]; then
        echo "The files were NOT in it: put $were back to what it was at $made."
    elif [ -n "$ELSEWHERE" ]; then
        echo "The files are unpacked in $FILES, and the site reads them from $ELSEWHERE: copy them there."
    fi
}

# Row for row and file for file: is what is there now what the manifest says?
compare() {
    grep -E '^(table|right|role|migration) ' "$MANIFEST" | grep -v '^role ' > "$WORK/was"
    contents | sql | grep -v '^role ' > "$WORK/is"
    diff "$WORK/was" "$WORK/is" >&2 || refuse "The database is not what the backup says (see above)."
    grep -E '/[0-9a-f]{64}$' "$WORK/list" > "$WORK/kept" || true
    (cd "$FILES" && xargs -r sha256sum < "$WORK/kept") |
        awk '{ name = $2; sub(".*/", "", name) } $1 != name { print $2; bad = 1 } END { exit bad }' >&2 ||
        refuse "Files have other bytes than their names say (see above)."
}

case "${1:-}" in
    make) make ;;
    check | restore)
        [ -n "${2:-}" ] || refuse "Say which backup: $(ls "$BACKUPS" 2>/dev/null | tr '\n' ' ')"
        "$1" "$2"
        [ "$1" = restore ] || echo "$2 is whole: $(told "$MANIFEST")."
        ;;
    *) refuse "Say one of: make, check NAME, restore NAME." ;;
esac
