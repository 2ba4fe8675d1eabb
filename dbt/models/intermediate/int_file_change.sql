-- Grain: one file that has been read, held back or released since the last night. Empty where everything is built.
select file_no
from {{ ref('int_actual_combination') }}
group by file_no
having {{ is_changed_file() }}
