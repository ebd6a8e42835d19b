sqlite3 :memory: ".parameter init" ".parameter set :orders $1" ".read sqlite.sql"
