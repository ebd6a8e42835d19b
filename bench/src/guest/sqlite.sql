-- A small shop in memory; N of the script is the number of orders.
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, town INTEGER NOT NULL);
CREATE TABLE purchase (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, item TEXT NOT NULL, cents INTEGER NOT NULL);
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :orders / 10)
INSERT INTO customer SELECT n, printf('customer %06d', n * 7919 % 100003), n * 31 % 97 FROM number;
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :orders)
INSERT INTO purchase SELECT n, 1 + n * 6151 % (:orders / 10), 'item ' || (n * 97 % 1009), n * 389 % 9973 FROM number;
CREATE INDEX by_customer ON purchase (customer);
CREATE INDEX by_item ON purchase (item, cents);
SELECT town, count(*), sum(cents) FROM purchase JOIN customer ON customer.id = purchase.customer GROUP BY town ORDER BY 3 DESC LIMIT 3;
SELECT item, max(cents) FROM purchase WHERE item LIKE 'item 1%' GROUP BY item ORDER BY 2 DESC, 1 LIMIT 3;
SELECT count(*) FROM customer WHERE (SELECT sum(cents) FROM purchase WHERE customer = customer.id) > 40000;
UPDATE purchase SET cents = cents + 1 WHERE customer % 3 = 0;
DELETE FROM purchase WHERE id % 7 = 0;
SELECT count(*), sum(cents), min(item) FROM purchase;
