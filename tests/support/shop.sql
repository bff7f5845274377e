-- A small database of which a test can say what should be there.
CREATE FUNCTION public.touched() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.touched = now(); RETURN NEW; END$$;

CREATE TABLE public.customers (
  id bigserial PRIMARY KEY,
  name text NOT NULL,
  credit numeric(12, 2) DEFAULT 0.00,
  touched timestamptz,
  UNIQUE (name)
);
CREATE TRIGGER customers_touched BEFORE INSERT OR UPDATE ON public.customers
  FOR EACH ROW EXECUTE FUNCTION public.touched();
INSERT INTO public.customers (name, credit) SELECT 'customer ' || n, n / 7.0 FROM generate_series(1, 500) n;

CREATE TABLE public.orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  customer_id bigint NOT NULL REFERENCES public.customers ON DELETE CASCADE,
  placed timestamptz NOT NULL DEFAULT '2026-01-31 12:00+00',
  lines jsonb NOT NULL DEFAULT '[]',
  note text
);
CREATE INDEX orders_by_customer ON public.orders (customer_id, placed DESC);
CREATE INDEX orders_with_note ON public.orders (note) WHERE note IS NOT NULL;
INSERT INTO public.orders (customer_id, lines, note)
  SELECT 1 + n % 500, jsonb_build_array(n, repeat('x', n % 50)), CASE WHEN n % 3 = 0 THEN 'ñandú ' || n END
    FROM generate_series(1, 5000) n;

CREATE TABLE public.payments (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id uuid REFERENCES public.orders,
  amount numeric NOT NULL CHECK (amount > 0),
  cents bigint GENERATED ALWAYS AS ((amount * 100)::bigint) STORED
);
INSERT INTO public.payments (order_id, amount) SELECT id, 1.50 FROM public.orders ORDER BY id LIMIT 1000;
