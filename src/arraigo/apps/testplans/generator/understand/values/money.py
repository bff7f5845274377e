"""Words for what is paid, scored or credited."""

from arraigo.apps.testplans.generator.words import stem

MONEY_WORDS = {
    stem(word)
    for word in (
        "price cost costs fee rate tariff charge charged fare fine penalty premium total amount payment "
        "surcharge discount deposit commission tax points bonus refund rent toll reward credit precio costo "
        "coste tarifa cargo cobra cobro multa prima total importe recargo descuento comision impuesto iva "
        "puntos bono reembolso alquiler peaje valor tasa interes interest paga pagar cuesta pays costs "
        "instalment cuota subtotal bill factura invoice subsidio copago copay score puntaje"
    ).split()
}
