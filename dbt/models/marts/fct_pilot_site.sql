-- Grain: one pilot unit a plan names for a region, or a place it keeps open (待定).
with

sites as (

    select
        *,
        concat_ws(':', document_id, table_ref, site_no) as site_id
    from {{ ref('pilot_site') }}

)

select
    sites.site_id,
    sites.document_id,
    sites.table_ref,
    cast(sites.site_no as integer) as site_no,
    sites.row_no,
    sites.category_text,
    sites.region_code,
    sites.site_text as site_name,
    sites.site_text <> '待定' as is_named,
    sites.marks,
    sites.department_text,
    responsible.department_id
from sites
left join {{ source('raw', 'responsible_unit') }} as responsible
    on sites.site_id = responsible.owner_id and responsible.owner_kind = 'site'
