-- What is learnt from all of it, and the queue of cases that people must see.
set role cerca_owner;

create table public.keyword_analysis (
  id bigserial primary key,
  call_id uuid references public.companion_calls (id) on delete set null,
  keyword varchar(80) not null,
  category varchar(30),
  frequency integer not null default 1 check (frequency > 0),
  relevance double precision,
  contexts text[],
  analyzed_at timestamptz not null default now()
);
create index keyword_analysis_keyword_idx on public.keyword_analysis (keyword, analyzed_at);

create table public.user_conversation_profiles (
  id uuid primary key default extensions.uuid_generate_v4(),
  beneficiary_id uuid not null unique references public.beneficiaries (id) on delete cascade,
  style varchar(30) not null,
  pace numeric(4, 2),
  favourite_topics text[],
  traits jsonb not null default '{}',
  active_hours int4range,
  embedding extensions.vector(1536),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.user_facts (
  id bigserial primary key,
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  call_id uuid references public.companion_calls (id) on delete set null,
  supersedes_id bigint references public.user_facts (id) on delete set null deferrable initially deferred,
  subject varchar(100) not null,
  predicate varchar(100) not null,
  object text,
  weight numeric not null default 1.0,
  is_current boolean not null default true,
  learned_at timestamptz not null default now()
);
create index user_facts_current_idx on public.user_facts (beneficiary_id, predicate) where is_current;

create table public.user_demographics (
  id bigserial primary key,
  codigo_familia varchar(10) not null unique,
  country char(2) not null,
  age_band varchar(10),
  household_size smallint check (household_size > 0),
  income_band varchar(20),
  education varchar(30),
  languages varchar(10)[],
  attributes jsonb,
  collected_on date not null
);

create table public.collective_knowledge_base (
  id uuid primary key default gen_random_uuid(),
  title varchar(200) not null,
  content text not null,
  category varchar(50) not null,
  tags text[] not null default '{}',
  sources integer not null default 1,
  quality real,
  embedding extensions.vector(1536),
  created_at timestamptz not null default now()
);
create index collective_knowledge_base_tags_idx on public.collective_knowledge_base using gin (tags);

create table public.emerging_patterns (
  id uuid primary key default gen_random_uuid(),
  name varchar(120) not null,
  description text,
  evidence jsonb not null default '{}',
  support integer not null check (support >= 0),
  lift double precision,
  seen_between tstzrange,
  status varchar(20) not null default 'nuevo' check (status in ('nuevo', 'confirmado', 'descartado'))
);

create table public.ai_brain_metrics (
  id bigint generated always as identity primary key,
  metric varchar(60) not null,
  value double precision not null,
  unit varchar(20),
  labels jsonb not null default '{}',
  measured_at timestamptz not null
);
create index ai_brain_metrics_measured_idx on public.ai_brain_metrics using brin (measured_at);

create table public.escalations (
  id uuid primary key default gen_random_uuid(),
  call_id uuid references public.companion_calls (id) on delete set null,
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  level integer not null check (level between 1 and 5),
  reason text not null,
  assigned_to varchar(100),
  resolution text,
  opened_at timestamptz not null default now(),
  resolved_at timestamptz,
  check (resolved_at is null or resolution is not null)
);

create table public.priority_queue_cache (
  beneficiary_id uuid primary key references public.beneficiaries (id) on delete cascade,
  position integer not null unique deferrable,
  priority numeric not null,
  reasons jsonb not null default '[]',
  computed_at timestamptz not null default now(),
  expires_at timestamptz not null default 'infinity'
);

create view public.v_user_savings with (security_invoker = true) as
select
  r.id as registration_id,
  r.codigo_familia,
  r.migrant_name,
  r.plan_name,
  coalesce(u.services, 0) as services,
  coalesce(u.saved, 0) as saved_on_services,
  coalesce(s.saved, 0) as saved_by_month,
  coalesce(u.saved, 0) - r.plan_price * coalesce(s.months, 0) as net_of_plan,
  u.last_service
from public.registrations r
left join (
  select registration_id, count(*) as services, sum(ahorro) as saved, max(service_date) as last_service
  from public.service_usage where status = 'completado' group by registration_id
) u on u.registration_id = r.id
left join (
  select registration_id, count(*) as months, sum(ahorro) as saved from public.savings_records group by registration_id
) s on s.registration_id = r.id;
comment on view public.v_user_savings is 'Lo que cada familia ahorró, por servicios y por mes.';

reset role;
