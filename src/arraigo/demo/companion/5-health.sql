-- Health: what is protected most (medical_history and all that hangs on it).
set role cerca_owner;

create type public.dose_state as enum ('tomada', 'tarde', 'omitida');
create type public.notice_channel as enum ('whatsapp', 'sms', 'llamada', 'correo');

create table public.medical_history (
  id uuid primary key default gen_random_uuid(),
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  record_type varchar(50) not null check (record_type in (
    'condicion_cronica', 'alergia', 'cirugia', 'hospitalizacion',
    'vacuna', 'medicamento_actual', 'antecedente_familiar',
    'consulta', 'estudio', 'receta'
  )),
  titulo varchar(255) not null,
  descripcion text,
  fecha_evento date,
  fecha_diagnostico date,
  is_chronic boolean default false,
  severity varchar(20) check (severity in ('leve', 'moderado', 'severo', 'controlado')),
  medicamentos jsonb,
  doctor_nombre varchar(255),
  institucion varchar(255),
  documentos_urls text[],
  notas_companion text,
  is_active boolean default true,
  is_verified boolean default false,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  created_by varchar(50) default 'user',
  source varchar(50) default 'manual'
);
create index idx_medical_history_beneficiary on public.medical_history (beneficiary_id);
create index idx_medical_history_type on public.medical_history (record_type);
create index idx_medical_history_chronic on public.medical_history (is_chronic) where is_chronic = true;
comment on table public.medical_history is 'Datos de salud protegidos: solo la familia y el servicio los ven.';

create table public.service_usage (
  id uuid primary key default gen_random_uuid(),
  registration_id bigint not null references public.registrations (id) on delete cascade,
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  service_type varchar(50) not null check (service_type in (
    'telemedicina', 'farmacia', 'consulta_presencial',
    'especialista', 'laboratorio', 'terapia_psicologica',
    'urgencia', 'receta_electronica'
  )),
  service_provider varchar(255),
  service_date timestamptz not null,
  duration_minutes integer,
  doctor_name varchar(255),
  diagnosis text,
  prescriptions jsonb,
  pharmacy_name varchar(255),
  pharmacy_location varchar(255),
  productos jsonb,
  total_sin_descuento decimal(10, 2),
  total_con_descuento decimal(10, 2),
  ahorro decimal(10, 2),
  porcentaje_descuento decimal(5, 2),
  appointment_type varchar(50),
  clinic_name varchar(255),
  clinic_address text,
  status varchar(30) default 'completado' check (status in (
    'agendado', 'en_proceso', 'completado', 'cancelado', 'no_show'
  )),
  rating integer check (rating between 1 and 5),
  feedback text,
  notes text,
  notes_companion text,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
create index idx_service_usage_registration on public.service_usage (registration_id);
create index idx_service_usage_beneficiary on public.service_usage (beneficiary_id);
create index idx_service_usage_type on public.service_usage (service_type);
create index idx_service_usage_date on public.service_usage (service_date desc);

create table public.savings_records (
  id uuid primary key default gen_random_uuid(),
  registration_id bigint not null references public.registrations (id) on delete cascade,
  month date not null check (month = date_trunc('month', month::timestamp)::date),
  gasto_sin_plan public.dinero,
  gasto_con_plan public.dinero,
  ahorro numeric(12, 2) generated always as (gasto_sin_plan::numeric - gasto_con_plan::numeric) stored,
  detalle jsonb,
  created_at timestamptz not null default now(),
  unique (registration_id, month)
);

create table public.medication_catalog (
  id uuid primary key default extensions.uuid_generate_v4(),
  clave varchar(12) not null unique,
  nombre varchar(120) not null,
  principio_activo varchar(120) not null,
  presentacion varchar(120) not null,
  laboratorio varchar(120),
  precio_lista public.dinero,
  precio_descuento public.dinero,
  requiere_receta boolean not null default false,
  sinonimos text[],
  contraindicaciones jsonb,
  unique (nombre, presentacion),
  constraint discount_lowers check (precio_descuento <= precio_lista)
);
create index medication_catalog_name_idx on public.medication_catalog (lower(nombre) text_pattern_ops);

create table public.medication_reminders (
  id uuid primary key default gen_random_uuid(),
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  medication_id uuid not null references public.medication_catalog (id),
  dosis varchar(100) not null,
  horarios time[] not null,
  starts_on date not null,
  ends_on date,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (ends_on >= starts_on)
);
create index medication_reminders_beneficiary_idx on public.medication_reminders (beneficiary_id) where is_active;

create table public.medication_adherence (
  id bigserial primary key,
  reminder_id uuid not null references public.medication_reminders (id) on delete cascade,
  due_at timestamptz not null,
  state public.dose_state not null,
  states_before public.dose_state[],
  note text,
  unique (reminder_id, due_at)
);

create table public.telemedicine_appointments (
  id uuid primary key default gen_random_uuid(),
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  service_usage_id uuid references public.service_usage (id) on delete set null,
  doctor varchar(120),
  specialty varchar(60) not null,
  slot tstzrange not null check (not isempty(slot)),
  motive text,
  status varchar(20) not null default 'agendada' check (status in ('agendada', 'confirmada', 'hecha', 'cancelada')),
  video_url text,
  vitals jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index telemedicine_appointments_slot_idx on public.telemedicine_appointments using gist (slot);

create table public.pharmacy_queries (
  id uuid primary key default gen_random_uuid(),
  registration_id bigint not null references public.registrations (id) on delete cascade,
  beneficiary_id uuid references public.beneficiaries (id) on delete set null,
  medication_id uuid references public.medication_catalog (id) on delete set null,
  question text not null,
  answer text,
  results jsonb,
  near point,
  radius_km numeric,
  asked_at timestamptz not null default now()
);
create index pharmacy_queries_registration_idx on public.pharmacy_queries (registration_id);

create table public.eligibility_checks (
  id bigserial primary key,
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  provider varchar(60) not null,
  member_number char(12),
  eligible boolean,
  response json,
  valid_during tstzrange,
  checked_at timestamptz not null default now()
);
create index eligibility_checks_beneficiary_idx on public.eligibility_checks (beneficiary_id, checked_at desc);

create table public.urgent_notifications (
  id uuid primary key default gen_random_uuid(),
  call_id uuid references public.companion_calls (id) on delete cascade,
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  level integer not null check (level between 1 and 5),
  title varchar(200) not null,
  message text,
  channels public.notice_channel[] not null default '{whatsapp}',
  sent_at timestamptz,
  acknowledged_at timestamptz,
  created_at timestamptz not null default now()
);
create index urgent_notifications_open_idx on public.urgent_notifications (level desc) where acknowledged_at is null;

reset role;
