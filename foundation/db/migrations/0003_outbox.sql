-- A handler is handed its events in their order by the primary key; nothing looks for those of one subject any more.
DROP INDEX outbox_delivery_order;
