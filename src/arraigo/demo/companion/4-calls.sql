-- Calls to come, and what is left of those that were made.
set role cerca_owner;

create table public.scheduled_callbacks (
  id uuid primary key default gen_random_uuid(),
  call_id uuid not null references public.companion_calls (id) on delete cascade,
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  requested_at timestamptz not null,
  callback_at timestamptz not null,
  reason text,
  status varchar(20) not null default 'pending' check (status in ('pending', 'done', 'missed', 'cancelled')),
  attempts smallint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (callback_at >= requested_at)
);
create unique index scheduled_callbacks_one_open on public.scheduled_callbacks (call_id) where status = 'pending';
create index scheduled_callbacks_due_idx on public.scheduled_callbacks (callback_at) where status = 'pending';

create table public.scheduled_voice_calls (
  id uuid primary key default extensions.uuid_generate_v4(),
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  companion_id uuid not null references public.ai_companions (id),
  call_type varchar(30) not null,
  preferred_time time not null,
  weekdays smallint[] not null check (weekdays <@ '{1,2,3,4,5,6,7}' and cardinality(weekdays) > 0),
  next_at timestamptz,
  paused_during daterange,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.ai_voice_calls (
  id uuid primary key default gen_random_uuid(),
  call_id uuid unique references public.companion_calls (id) on delete set null,
  vapi_call_id varchar(255) not null unique,
  direction varchar(10) not null default 'outbound' check (direction in ('inbound', 'outbound')),
  phone_to public.telefono not null,
  status varchar(20) not null default 'queued' check (status in ('queued', 'ringing', 'in_progress', 'completed', 'failed')),
  ended_reason varchar(50),
  started_at timestamptz,
  ended_at timestamptz,
  cost numeric(10, 4),
  cost_breakdown jsonb,
  created_at timestamptz not null default now(),
  constraint ends_after_start check (ended_at >= started_at)
);

create table public.call_recordings (
  id uuid primary key default gen_random_uuid(),
  call_id uuid not null unique references public.companion_calls (id) on delete cascade,
  storage_path text not null unique,
  sha256 bytea not null check (octet_length(sha256) = 32),
  size_bytes bigint not null check (size_bytes > 0),
  duration interval,
  consent boolean not null,
  retained_until date not null default 'infinity',
  created_at timestamptz not null default now()
);

create table public.call_transcripts (
  id uuid primary key default gen_random_uuid(),
  call_id uuid not null unique references public.companion_calls (id) on delete cascade,
  language varchar(10) not null default 'es-MX',
  full_text text not null,
  segments jsonb not null,
  word_count integer not null,
  created_at timestamptz not null default now()
);
create index call_transcripts_words_idx on public.call_transcripts using gin (to_tsvector('spanish', full_text));

create table public.call_extracted_info (
  id bigserial primary key,
  call_id uuid not null references public.companion_calls (id) on delete cascade,
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  info_type varchar(30) not null check (info_type in ('sintoma', 'medicamento', 'animo', 'familia', 'cita', 'otro')),
  payload jsonb not null,
  confidence numeric(4, 3) check (confidence between 0 and 1),
  reviewed boolean not null default false,
  created_at timestamptz not null default now()
);
create index call_extracted_info_call_idx on public.call_extracted_info (call_id);
create index call_extracted_info_payload_idx on public.call_extracted_info using gin (payload jsonb_path_ops);

create table public.scheduled_calls (
  id bigserial primary key,
  registration_id bigint not null references public.registrations (id) on delete cascade,
  beneficiary_id uuid references public.beneficiaries (id) on delete cascade,
  voice_call_id uuid references public.scheduled_voice_calls (id) on delete set null,
  kind varchar(30) not null,
  payload jsonb not null default '{}',
  run_at timestamptz not null,
  status varchar(20) not null default 'waiting' check (status in ('waiting', 'running', 'done', 'failed')),
  attempts integer not null default 0,
  locked_by text,
  created_at timestamptz not null default now()
);
create index scheduled_calls_waiting_idx on public.scheduled_calls (run_at) where status = 'waiting';

reset role;
