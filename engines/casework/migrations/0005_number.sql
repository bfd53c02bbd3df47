-- A case is found by its number and by its id; the two together found nothing that the id does not, and were written with every act.
ALTER TABLE casework.file DROP CONSTRAINT file_case_id_number_key;
